import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '#platform/database/database.ts';
import { drainConsumer } from '#platform/events/once-consumer.ts';
import { appendEvent, inTransactionWithEvents } from '#platform/events/outbox.ts';
import type { InteractionType } from '#platform/events/contracts.ts';
import { databases } from '../../test/support/databases.ts';
import { applyInteractions, type AppliedInteraction } from './apply-interactions.ts';
import {
  contentInput,
  deleteContents,
  listAt,
  openContent,
  upsertContents,
  upsertVendors,
  valueAt,
  vendorInput,
  type ContentUnderTest,
} from './test/open-content.ts';

const trendingSource = `query ($filter: ContentFilter, $first: Int! = 20) {
  trending(filter: $filter, first: $first) { id stats { impressions views clicks likes saves inquiries } } }`;
const similarSource = `query ($ids: [ID!]!, $first: Int! = 10) { contents(ids: $ids) { similar(first: $first) { id } } }`;

describe.each(databases)('discovery on $kind', ({ open }) => {
  let database: Database;
  let content: ContentUnderTest;
  const ask: ContentUnderTest['ask'] = (...args) => content.ask(...args);
  const store = async (...input: object[]) => {
    const { data, codes } = await ask(upsertContents, { input });
    expect(codes).toEqual([]);
    expect(valueAt(data, 'upsertContents', 'rejected')).toEqual([]);
  };
  const trending = async (variables: object = {}): Promise<string[]> =>
    listAt((await ask(trendingSource, { ...variables })).data, ['trending'], ['id']);
  const similar = async (id: string, first = 10): Promise<string[]> =>
    listAt((await ask(similarSource, { ids: [id], first })).data, ['contents', 0, 'similar'], ['id']);
  const apply = (...rows: [contentId: string, type: InteractionType, daysAgo: number][]) =>
    database.transaction((tx) =>
      applyInteractions(
        tx,
        rows.map(([contentId, type, daysAgo]): AppliedInteraction => ({
          contentId,
          type,
          occurredAt: ago(daysAgo),
        })),
      ),
    );
  const ago = (days: number): Date => new Date(Date.now() - days * 86_400_000);

  beforeAll(async () => {
    database = await open();
    content = openContent(database);
    await ask(upsertVendors, { input: [vendorInput('v1'), vendorInput('v2', { name: 'Blumen Käthe' })] });
    await content.subgraph.start();
  });
  afterAll(async () => {
    await content.subgraph.stop();
    await database.close();
  });

  it('orders trending by decayed interactions, then by date, and keeps to the regions asked for', async () => {
    await store(
      ...['t-old', 't-new', 't-many', 't-quiet', 't-quieter', 't-hidden'].map((id, index) =>
        contentInput(id, { region: 'NL', category: 'trend', publishedAt: `2026-04-0${9 - index}T00:00:00Z` }),
      ),
      contentInput('t-abroad', { region: 'BE', category: 'trend' }),
    );
    await apply(
      ['t-old', 'SAVE', 21],
      ['t-new', 'VIEW', 0],
      ['t-many', 'SAVE', 7],
      ['t-many', 'SAVE', 7],
      ['t-hidden', 'HIDE', 0],
      ['t-hidden', 'IMPRESSION', 0],
      ['t-abroad', 'INQUIRY', 0],
      ['unknown', 'SAVE', 0],
    );
    const nl = ['t-many', 't-new', 't-old', 't-quiet', 't-quieter', 't-hidden'];
    expect(await trending({ filter: { regions: ['NL'] } })).toEqual(nl);
    expect(await trending({ filter: { regions: ['NL'] }, first: 2 })).toEqual(nl.slice(0, 2));
    expect(await trending({ filter: { regions: ['NL', 'BE'], categories: ['trend'] } })).toEqual([
      't-abroad',
      ...nl,
    ]);
    expect(await trending({ filter: { categories: ['trend'] }, first: 1 })).toEqual(['t-abroad']);
    expect(await trending({ filter: { regions: ['ZZ'] } })).toEqual([]);
    await ask(deleteContents, { ids: ['t-many'] });
    await store(contentInput('t-new', { region: 'BE', category: 'trend' }));
    expect(await trending({ filter: { regions: ['NL'] } })).toEqual([
      't-old',
      't-quiet',
      't-quieter',
      't-hidden',
    ]);
    for (const variables of [{ first: 0 }, { first: 1000 }, { filter: { regions: ['nl'] } }]) {
      expect((await ask(trendingSource, variables)).codes).toEqual(['BAD_USER_INPUT']);
    }
  });

  it('sums interactions of several calls like those of one, early or late', async () => {
    await store(contentInput('sum-1', { region: 'IT' }), contentInput('sum-2', { region: 'IT' }));
    const all: [InteractionType, number][] = [
      ['SAVE', 1],
      ['VIEW', 400],
      ['CLICK', 3],
      ['LIKE', 0],
      ['SHARE', 30],
      ['INQUIRY', 12],
    ];
    await apply(...all.map(([type, daysAgo]): [string, InteractionType, number] => ['sum-1', type, daysAgo]));
    for (const [type, daysAgo] of all.toReversed()) await apply(['sum-2', type, daysAgo]);
    const rows = await database.prisma.contentStats.findMany({
      where: { contentId: { in: ['sum-1', 'sum-2'] } },
      select: { trend: true },
    });
    const [first, second] = rows.map(({ trend }) => trend ?? Number.NaN);
    expect(first).toBeGreaterThan(300);
    expect(second).toBeCloseTo(first ?? Number.NaN, 4);
  });

  it('takes an interaction from the future for one of now', async () => {
    await store(contentInput('future', { region: 'ES' }), contentInput('now', { region: 'ES' }));
    await apply(['future', 'VIEW', -10_000], ['now', 'LIKE', 0]);
    expect(await trending({ filter: { regions: ['ES'] } })).toEqual(['now', 'future']);
  });

  it('counts what interactions.recorded tells, once', async () => {
    await store(contentInput('live', { region: 'SE' }));
    const types: InteractionType[] = [
      'IMPRESSION',
      'IMPRESSION',
      'VIEW',
      'CLICK',
      'LIKE',
      'SAVE',
      'SHARE',
      'INQUIRY',
      'HIDE',
    ];
    await inTransactionWithEvents(database, (tx) =>
      appendEvent(tx, 'interactions.recorded', {
        userId: 'ada',
        interactions: types.map((type, index) => ({
          id: String(index),
          contentId: 'live',
          vendorId: 'v1',
          type,
          occurredAt: ago(0).toISOString(),
        })),
      }),
    );
    const [consumer] = content.subgraph.consumers;
    if (consumer === undefined) throw new Error('content has no consumer.');
    const stats = async (): Promise<unknown> => {
      await drainConsumer(database, consumer);
      const { data } = await ask(trendingSource, { filter: { regions: ['SE'] } });
      return valueAt(data, 'trending', 0, 'stats');
    };
    const counted = { impressions: 2, views: 1, clicks: 1, likes: 1, saves: 1, inquiries: 1 };
    // The outbox waits for transactions of other suites on the same server.
    await expect.poll(stats, { timeout: 10_000 }).toEqual(counted);
    expect(await stats()).toEqual(counted);
  });

  it('finds the similar by rare tags before common ones, category and words, in the same region alone', async () => {
    const common = ['wedding', 'summer'];
    const at = (id: string, overrides: object) =>
      contentInput(id, { region: 'JP', category: id, title: id, ...overrides });
    await store(
      at('sim-0', { tags: [...common, 'ikebana'], category: 'arrangement', title: 'Quiet stems' }),
      at('sim-rare', { tags: ['ikebana'] }),
      at('sim-common', { tags: ['wedding'] }),
      at('sim-category', { category: 'arrangement' }),
      ...Array.from({ length: 12 }, (_, index) =>
        at(`sim-filler-${index}`, { tags: [...common, `filler-${index}`] }),
      ),
      at('sim-abroad', { tags: [...common, 'ikebana'], region: 'KR' }),
      at('sim-gone', { tags: [...common, 'ikebana'] }),
    );
    await ask(deleteContents, { ids: ['sim-gone'] });
    const found = await similar('sim-0', 100);
    expect(found[0]).toBe('sim-rare');
    expect(found).toEqual(expect.arrayContaining(['sim-common', 'sim-category', 'sim-filler-0']));
    expect(found).not.toContain('sim-0');
    expect(found).not.toContain('sim-gone');
    expect(found).not.toContain('sim-abroad');
    expect(await similar('sim-0', 1)).toEqual(['sim-rare']);
  });

  it('finds the similar of an entry without tags by its words', async () => {
    await store(
      contentInput('w-0', { region: 'KR', category: 'w-a', title: 'Hanbok fitting' }),
      contentInput('w-1', {
        region: 'KR',
        category: 'w-b',
        title: 'What to wear',
        description: 'A hanbok, of course.',
      }),
      contentInput('w-2', { region: 'KR', category: 'w-b', title: "It's \\ 'quoted'" }),
    );
    expect(await similar('w-0')).toEqual(['w-1']);
    expect(await similar('w-2')).toEqual(['w-1']);
  });

  it('answers the similar of many as it does of each, with one statement', async () => {
    const ids = ['sim-0', 'sim-rare', 'w-0', 'live'];
    const before = database.timer.statements;
    const { data } = await ask(similarSource, { ids, first: 5 });
    expect(database.timer.statements - before).toBe(2);
    for (const [index, id] of ids.entries()) {
      expect(listAt(data, ['contents', index, 'similar'], ['id'])).toEqual(await similar(id, 5));
    }
    for (const first of [0, 1000])
      expect((await ask(similarSource, { ids: ['live'], first })).codes).toEqual(['BAD_USER_INPUT']);
  });
});
