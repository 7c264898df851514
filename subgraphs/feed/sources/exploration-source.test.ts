import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '#platform/database/database.ts';
import { databases } from '../../../test/support/databases.ts';
import { queryOf } from '../test/candidates.ts';
import { daysAgo, entries, publish } from '../test/catalogue.ts';
import { start } from '../test/open-feed.ts';
import { explorationSource } from './exploration-source.ts';

describe.each(databases)('explorationSource on $kind', ({ open }) => {
  let database: Database;
  beforeAll(async () => {
    database = await open();
    await publish(database, [
      ...entries('us', 40, (index) => ({ publishedAt: daysAgo(index) })),
      ...entries('fr', 10, (index) => ({ region: 'FR', publishedAt: daysAgo(index) })),
    ]);
  });
  afterAll(() => database.close());

  const find = async (chance: number, overrides: Parameters<typeof queryOf>[0] = {}): Promise<string[]> => {
    const source = explorationSource(database, {
      limit: 5,
      deadlineMs: 20_000,
      enabled: () => true,
      uniform: () => chance,
    });
    const query = queryOf({ subject: 'ada', regions: ['US'], segment: 'US:1', ...overrides });
    return (await source.find(query)).map(({ id }) => id);
  };

  it('begins at a random time of the catalogue, and keeps to the region', async () => {
    expect(await find(0)).toEqual(['us-0', 'us-1', 'us-2', 'us-3', 'us-4']);
    expect(await find(0.5)).toEqual(['us-20', 'us-21', 'us-22', 'us-23', 'us-24']);
    expect(await find(0, { regions: ['FR'] })).toEqual(['fr-0', 'fr-1', 'fr-2', 'fr-3', 'fr-4']);
  });

  it('leaves out what the segment has seen often, and that segment alone', async () => {
    await database.prisma.feedArm.createMany({
      data: [
        { segment: 'US:1', contentId: 'us-1', trials: 50, successes: 0, asOf: start },
        { segment: 'US:1', contentId: 'us-2', trials: 49, successes: 0, asOf: start },
        { segment: 'US:2', contentId: 'us-3', trials: 500, successes: 0, asOf: start },
      ],
    });
    expect(await find(0)).toEqual(['us-0', 'us-2', 'us-3', 'us-4', 'us-5']);
  });
});
