import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '#platform/database/database.ts';
import { databases } from '../../../../test/support/databases.ts';
import { entries, publish, withdraw } from '../../test/catalogue.ts';
import { readInterests, type ClusterInterests } from './cluster-interests.ts';

/** Of 120 items, shares of tags as a training would have noted them. */
const shares = { rustic: 0.2, barn: 0.15, popular: 1, solo: 0.2, scarce: 0.03, frequent: 0.6 };

describe.each(databases)('what taste clusters choose on $kind', ({ open }) => {
  let database: Database;
  const barns = Array.from({ length: 30 }, (_, index) => `barn-${index}`);
  beforeAll(async () => {
    database = await open();
    await publish(database, [
      ...entries('barn', 30, (index) => ({
        category: index < 27 ? 'venues' : 'florals',
        tags: [
          'popular',
          'frequent',
          ...(index % 5 < 4 ? ['rustic'] : []),
          ...(index % 2 === 0 ? ['barn'] : []),
          ...(index < 4 ? ['scarce'] : []),
          ...(index < 20 ? ['untrained'] : []),
          // Half of the items are of one vendor, who alone has it.
          ...(index < 15 ? ['solo'] : []),
        ],
        ...(index < 15 && { vendorId: 'big-vendor' }),
      })),
      ...entries('other', 90, (index) => ({ category: index % 2 === 0 ? 'florals' : 'cakes' })),
    ]);
    await database.prisma.feedTagWeight.createMany({
      data: Object.entries(shares).map(([tag, share]) => ({ tag, idf: -Math.log(share) })),
    });
  });
  afterAll(() => database.close());

  const interestsOf = async (
    users: number,
    anchors: readonly string[],
  ): Promise<ClusterInterests | undefined> =>
    (await readInterests(database, [{ cluster: 7, users, anchors }])).get(7);

  it('are what their items have more often than all, of several items and vendors', async () => {
    // "rustic": 0.8 of these items against 0.2 of all; "barn": 0.5 against 0.15; "frequent": 1 against 0.6.
    expect(await interestsOf(20, barns)).toEqual({
      categories: ['venues'],
      tags: ['rustic', 'barn', 'frequent'],
    });
  });

  it('stay unsaid of fewer than 20 users or items', async () => {
    expect(await interestsOf(19, barns)).toBeUndefined();
    expect(await interestsOf(20, barns.slice(0, 19))).toBeUndefined();
    expect(await interestsOf(20, barns.slice(0, 20))).toBeDefined();
    expect(await interestsOf(20, [...barns.slice(0, 19), 'unknown'])).toBeUndefined();
  });

  it('are nothing where a cluster is like everybody', async () => {
    const everybody = Array.from({ length: 50 }, (_, index) => `other-${index}`);
    expect(await interestsOf(400, everybody)).toEqual({ categories: [], tags: [] });
  });

  it('leave out what is removed, and are bounded', async () => {
    const tags = Array.from({ length: 12 }, (_, index) => `tag-${index}`);
    await publish(
      database,
      entries('tagged', 21, () => ({ tags })),
    );
    await database.prisma.feedTagWeight.createMany({ data: tags.map((tag) => ({ tag, idf: 3 })) });
    const tagged = Array.from({ length: 21 }, (_, index) => `tagged-${index}`);
    expect((await interestsOf(50, tagged))?.tags).toHaveLength(5);
    await withdraw(database, tagged.slice(0, 2));
    expect(await interestsOf(50, tagged)).toBeUndefined();
  });
});
