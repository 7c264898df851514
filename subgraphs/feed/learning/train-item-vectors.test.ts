import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '#platform/database/database.ts';
import { databases } from '../../../test/support/databases.ts';
import { entry, publish, withdraw } from '../test/catalogue.ts';
import { choose, eventsOf } from '../test/learning.ts';
import { ModelShelf } from './served-models.ts';
import { trainItemVectors } from './train-item-vectors.ts';
import { decodeVector } from './vector-bytes.ts';

describe.each(databases)('training of item vectors on $kind', ({ open }) => {
  let database: Database;
  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    await database.prisma.feedInteraction.deleteMany();
    await database.prisma.feedContent.deleteMany();
  });

  const model = () => database.prisma.feedModelVersion.findUniqueOrThrow({ where: { name: 'item-vectors' } });
  const rows = () => database.prisma.feedItemVector.findMany({ orderBy: { contentId: 'asc' } });
  const vectors = async (): Promise<Map<string, number[]>> =>
    new Map((await rows()).map(({ contentId, vector }) => [contentId, [...decodeVector(vector)]]));
  const cosine = (a: readonly number[] = [], b: readonly number[] = []): number =>
    a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0) / Math.hypot(...a) / Math.hypot(...b);

  /** Two groups of items by two vendors, each with a tag of its own, and people who choose from one group. */
  const publishGroups = async (): Promise<void> => {
    const of = (group: string, index: number) =>
      entry(`${group}-${index}`, { vendorId: `${group}-vendor`, tags: [`${group}-tag`, 'common'] });
    await publish(
      database,
      ['red', 'blue'].flatMap((group) => Array.from({ length: 6 }, (_, index) => of(group, index))),
    );
    for (const group of ['red', 'blue']) {
      for (let user = 0; user < 12; user++) {
        const chosen = [0, 1, 2].map((step) => `${group}-${(user + step * (1 + (user % 2))) % 5}`);
        await choose(database, `${group}-user-${user}`, [...new Set(chosen)]);
      }
    }
  };

  it('learns vectors of what was chosen and makes up those of the rest, from tags and vendor', async () => {
    await publishGroups();
    await publish(database, [
      entry('unlike-any', { tags: ['never-chosen'] }),
      entry('gone', { tags: ['red-tag'] }),
    ]);
    await withdraw(database, ['gone']);
    const before = await model();
    const trained = await trainItemVectors(database, { method: 'deep' });
    expect(trained).toMatchObject({
      version: before.lastVersion + 1,
      method: 'deep',
      learned: 10,
      inferred: 2,
    });
    const learned = Object.fromEntries((await rows()).map((row) => [row.contentId, row.learned]));
    expect(learned).toMatchObject({ 'red-0': true, 'blue-4': true, 'red-5': false, 'blue-5': false });
    expect(Object.keys(learned)).toHaveLength(12);
    const found = await vectors();
    for (const [own, other] of [
      ['red', 'blue'],
      ['blue', 'red'],
    ] as const) {
      const made = found.get(`${own}-5`);
      expect(cosine(made, found.get(`${own}-0`))).toBeGreaterThan(0.5);
      expect(cosine(made, found.get(`${other}-0`))).toBeLessThan(0.2);
    }
    expect(await model()).toMatchObject({ version: trained.version, method: 'deep' });
    expect((await eventsOf(database)).at(-1)).toMatchObject({
      type: 'model.trained',
      payload: { name: 'item-vectors', version: trained.version },
    });
  });

  it('keeps the served version alone, and how much each tag tells', async () => {
    await publishGroups();
    const { version } = await trainItemVectors(database, { method: 'deep' });
    await choose(database, 'late', ['red-5']);
    expect(await trainItemVectors(database, { method: 'deep' })).toEqual({
      version: version + 1,
      method: 'deep',
      learned: 11,
      inferred: 1,
    });
    for (const table of [await rows(), await database.prisma.feedVectorFeature.findMany()]) {
      expect(new Set(table.map((row) => row.version))).toEqual(new Set([version + 1]));
    }
    const shelf = new ModelShelf(database);
    await shelf.load();
    expect(shelf.tagWeight('common')).toBe(0);
    expect(shelf.tagWeight('red-tag')).toBeCloseTo(Math.log(11 / 6), 12);
    expect(shelf.tagWeight('blue-tag')).toBeCloseTo(Math.log(11 / 5), 12);
  });

  it('is the same each time', async () => {
    await publishGroups();
    await trainItemVectors(database, { method: 'deep' });
    const once = await vectors();
    await trainItemVectors(database, { method: 'deep' });
    expect(await vectors()).toEqual(once);
  });

  it('tells how far it is, up to the end', async () => {
    await publishGroups();
    const shares: number[] = [];
    await trainItemVectors(database, {
      method: 'deep',
      onProgress: (done, total) => shares.push(done / total),
    });
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    expect(shares.at(-1)).toBe(1);
  });

  it('gives nobody a vector where nothing was chosen', async () => {
    await publish(database, [entry('a'), entry('b', { tags: ['red'] })]);
    expect(await trainItemVectors(database, { method: 'deep' })).toMatchObject({ learned: 0, inferred: 0 });
    expect(await rows()).toEqual([]);
  });

  it('serves nothing of a training that is broken off', async () => {
    await publishGroups();
    const { version } = await trainItemVectors(database, { method: 'deep' });
    const stopping = new AbortController();
    const training = trainItemVectors(database, {
      method: 'deep',
      signal: stopping.signal,
      onProgress: () => stopping.abort(),
    });
    await expect(training).rejects.toThrow(/abort/i);
    expect(await model()).toMatchObject({ version });
    // What it has left behind goes with the next.
    const next = await trainItemVectors(database, { method: 'deep' });
    expect(new Set((await rows()).map((row) => row.version))).toEqual(new Set([next.version]));
  });
});
