import { expect, it } from 'vitest';
import { interactionTypes } from '#platform/events/contracts.ts';
import { contentFieldsSchema, vendorFieldsSchema } from '../../subgraphs/content/catalogue/entry-rules.ts';
import { generateMarketplace } from './generate-marketplace.ts';

const reference = new Date('2026-06-01T12:00:00Z');
const { vendors, contents, interactions } = generateMarketplace(reference);
const published = new Map(contents.map(({ id, publishedAt }) => [id, publishedAt]));

it('is the same each time and moves with its reference', () => {
  expect(generateMarketplace(reference)).toEqual({ vendors, contents, interactions });
  const later = generateMarketplace(new Date(reference.getTime() + 1_000));
  expect(later.interactions[7]?.occurredAt.getTime()).toBe(
    (interactions[7]?.occurredAt.getTime() ?? 0) + 1_000,
  );
});

it('has the promised size, in 12 cities and 4 countries', () => {
  expect([vendors.length, contents.length, interactions.length]).toEqual([300, 3_000, 60_000]);
  expect(new Set(vendors.map(({ region }) => region)).size).toBe(4);
  expect(new Set(vendors.map(({ description }) => / in (\w+)\./.exec(description ?? '')?.[1])).size).toBe(12);
  expect(new Set(interactions.map(({ userId }) => userId)).size).toBe(500);
  for (const rows of [vendors, contents, interactions]) {
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
  }
  expect(new Set(vendors.map(({ name }) => name)).size).toBe(300);
  expect(new Set(contents.map(({ category }) => category)).size).toBe(10);
});

it('obeys the rules of the catalogue', () => {
  expect(vendors.map((vendor) => vendorFieldsSchema.parse(vendor))).toEqual(vendors);
  expect(contents.map((content) => contentFieldsSchema.parse(content))).toEqual(contents);
  const vendorIds = new Set(vendors.map(({ id }) => id));
  expect(contents.every(({ vendorId }) => vendorIds.has(vendorId))).toBe(true);
});

it('has interactions after publication, in the last 90 days, oldest first', () => {
  const times = interactions.map(({ occurredAt }) => occurredAt.getTime());
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect(times[0]).toBeGreaterThanOrEqual(reference.getTime() - 90 * 86_400_000);
  expect(times.at(-1)).toBeLessThanOrEqual(reference.getTime());
  const early = interactions.filter(
    ({ contentId, occurredAt }) => occurredAt < (published.get(contentId) ?? Infinity),
  );
  expect(early).toEqual([]);
});

it('has every type, the rarer the more it says', () => {
  const counts = Map.groupBy(interactions, ({ type }) => type);
  const count = (type: (typeof interactionTypes)[number]): number => counts.get(type)?.length ?? 0;
  expect(interactionTypes.filter((type) => count(type) === 0)).toEqual([]);
  expect(count('IMPRESSION')).toBeGreaterThan(2 * count('VIEW'));
  expect(count('VIEW')).toBeGreaterThan(count('CLICK'));
  expect(count('CLICK')).toBeGreaterThan(count('SAVE'));
  expect(count('SAVE')).toBeGreaterThan(count('INQUIRY'));
});

it('has tastes to find: people who share a save share more of them than chance gives', () => {
  const saves = interactions.filter(({ type }) => type === 'SAVE' || type === 'LIKE');
  const byUser = Map.groupBy(saves, ({ userId }) => userId);
  const liked = new Map(
    [...byUser].map(([user, rows]) => [user, new Set(rows.map(({ contentId }) => contentId))]),
  );
  const counts = Map.groupBy(saves, ({ contentId }) => contentId);
  let shared = 0;
  let expected = 0;
  const users = [...liked.values()];
  for (const [index, one] of users.entries()) {
    for (const other of users.slice(index + 1, index + 60)) {
      shared += one.intersection(other).size;
      expected += (one.size * other.size) / counts.size;
    }
  }
  expect(shared).toBeGreaterThan(2 * expected);
});
