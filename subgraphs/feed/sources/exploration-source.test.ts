import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '#platform/database/database.ts';
import { createLogger } from '#platform/logging/logger.ts';
import { databases } from '../../../test/support/databases.ts';
import { ExplorationPool } from '../exploration/exploration-pool.ts';
import { PosteriorShelf } from '../exploration/posterior-shelf.ts';
import { seededRandom } from '../learning/seeded-random.ts';
import { queryOf } from '../test/candidates.ts';
import { daysAgo, entries, publish } from '../test/catalogue.ts';
import { start } from '../test/open-feed.ts';
import { explorationSource } from './exploration-source.ts';

describe.each(databases)('explorationSource on $kind', ({ open }) => {
  const logger = createLogger('silent');
  let database: Database;
  let pool: ExplorationPool;
  let posteriors: PosteriorShelf;
  beforeAll(async () => {
    database = await open();
    await publish(database, [
      ...entries('us', 40, (index) => ({
        publishedAt: daysAgo(index),
        category: index % 2 === 0 ? 'venues' : 'florists',
      })),
      ...entries('fr', 10, (index) => ({ region: 'FR', publishedAt: daysAgo(index) })),
    ]);
    await database.prisma.feedContent.update({ where: { id: 'us-39' }, data: { removedAt: start } });
    pool = new ExplorationPool(database, logger, seededRandom(7));
    posteriors = new PosteriorShelf(database, logger, { halfLifeMs: null, clock: () => start });
    await Promise.all([pool.load(), posteriors.load()]);
  });
  afterAll(() => database.close());

  const find = async (limit: number, overrides: Parameters<typeof queryOf>[0] = {}): Promise<string[]> => {
    const exploration = { share: 0.3, posteriors, uniform: Math.random };
    const source = explorationSource(pool, exploration, { limit, deadlineMs: 20_000 });
    const query = queryOf({ subject: 'ada', regions: ['US'], segment: 'US:1', ...overrides });
    expect(source.enabled(query)).toBe(true);
    return (await source.find(query)).map(({ id }) => id);
  };

  it('finds old and new items of the allowed regions alike, each once and none that was removed', async () => {
    const found = await find(100);
    expect(new Set(found).size).toBe(found.length);
    expect(found.toSorted()).toEqual(Array.from({ length: 39 }, (_, index) => `us-${index}`).toSorted());
    expect(await find(100, { regions: ['FR'] })).toHaveLength(10);
    expect(await find(100, { regions: null })).toHaveLength(49);
    expect(await find(100, { regions: ['DE'] })).toEqual([]);
  });

  it('gives each item the same chance', async () => {
    const times = new Map<string, number>();
    for (let round = 0; round < 390; round++)
      for (const id of await find(5)) times.set(id, (times.get(id) ?? 0) + 1);
    // 50 expected of each; 6.6 is a standard deviation.
    expect(times.size).toBe(39);
    for (const count of times.values()) expect(Math.abs(count - 50)).toBeLessThan(30);
  });

  it('keeps to the filter, and to what the feed has not shown', async () => {
    const { filter } = queryOf();
    const florists = await find(100, { filter: { ...filter, categories: ['florists'] } });
    expect(florists).toHaveLength(19);
    expect(florists.every((id) => Number(id.split('-')[1]) % 2 === 1)).toBe(true);
    expect(await find(100, { served: new Set(['us-3']) })).not.toContain('us-3');
  });

  it('leaves out what the segment has seen often, and that segment alone', async () => {
    await database.prisma.feedArm.createMany({
      data: [
        { segment: 'US:1', contentId: 'us-1', trials: 50, successes: 0, asOf: start },
        { segment: 'US:1', contentId: 'us-2', trials: 49, successes: 0, asOf: start },
        { segment: 'US:2', contentId: 'us-3', trials: 500, successes: 0, asOf: start },
      ],
    });
    await posteriors.load();
    const found = new Set(await find(100));
    expect([1, 2, 3].map((index) => found.has(`us-${index}`))).toEqual([false, true, true]);
  });
});
