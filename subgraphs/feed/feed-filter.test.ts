import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Database } from '#platform/database/database.ts';
import { databases } from '../../test/support/databases.ts';
import { daysAgo, entries, entry, publish } from './test/catalogue.ts';
import {
  connectionSchema,
  feedQuery,
  openFeed,
  strangerOf,
  toPage,
  updateProfile,
  userFeedQuery,
  userOf,
  type FeedUnderTest,
} from './test/open-feed.ts';

describe.each(databases)('what a feed is narrowed to on $kind', ({ open }) => {
  let database: Database;
  let feed: FeedUnderTest;
  beforeAll(async () => {
    database = await open();
    feed = openFeed(database);
    const regions = ['US', 'FR', 'DE'];
    await publish(
      database,
      regions.flatMap((region) => entries(region, 10, () => ({ region }))),
    );
  });
  afterAll(async () => {
    await feed.subgraph.stop();
    await database.close();
  });

  const regionsOf = (ids: readonly string[]): string[] =>
    [...new Set(ids.map((id) => id.slice(0, 2)))].toSorted();

  describe('by region', () => {
    it('takes the filter before the profile and that before the request', async () => {
      const ada = userOf('ada', { region: 'DE' });
      expect(regionsOf((await feed.read(ada)).ids)).toEqual(['DE']);
      await feed.ask(updateProfile, { input: { region: 'FR' } }, ada);
      expect(regionsOf((await feed.read(ada)).ids)).toEqual(['FR']);
      const filter = { regions: ['US', 'DE'] };
      expect(regionsOf((await feed.read(ada, { filter, first: 100 })).ids)).toEqual(['DE', 'US']);
      await feed.ask(updateProfile, { input: { region: null } }, ada);
      expect(regionsOf((await feed.read(ada)).ids)).toEqual(['DE']);
    });

    it('takes every region where none is named', async () => {
      for (const caller of [userOf('bob'), strangerOf(null)]) {
        expect(regionsOf((await feed.read(caller, { first: 100 })).ids)).toEqual(['DE', 'FR', 'US']);
      }
      expect(regionsOf((await feed.read(strangerOf(null, 'US'))).ids)).toEqual(['US']);
    });

    it('keeps to the region even of followed vendors', async () => {
      const cleo = userOf('cleo', { region: 'US' });
      await feed.ask('mutation { followVendor(vendorId: "vendor-of-FR-0") { following } }', {}, cleo);
      expect(regionsOf((await feed.read(cleo)).ids)).toEqual(['US']);
    });

    it("does not take an operator's own region for that of a user they look at", async () => {
      const operator = userOf('operator', { region: 'DE', scopes: ['dashboard'] });
      const look = async (id: string): Promise<string[]> => {
        const { data } = await feed.ask(userFeedQuery, { id, first: 100 }, operator);
        const { user } = z.object({ user: z.object({ feed: connectionSchema }) }).parse(data);
        return regionsOf(toPage(user.feed).ids);
      };
      await feed.ask(updateProfile, { input: { region: 'FR' } }, userOf('dora'));
      expect(await look('dora')).toEqual(['FR']);
      expect(await look('nobody-yet')).toEqual(['DE', 'FR', 'US']);
      expect(await look('operator')).toEqual(['DE']);
    });

    it('moves with an item that changes its region', async () => {
      await publish(database, [entry('moved', { region: 'MA' })]);
      const there = (region: string) => feed.read(strangerOf(null, region));
      expect((await there('MA')).ids).toEqual(['moved']);
      await publish(database, [entry('moved', { region: 'MB', version: 2 })]);
      expect((await there('MA')).ids).toEqual([]);
      expect((await there('MB')).ids).toEqual(['moved']);
    });
  });

  describe('by a filter', () => {
    beforeAll(() =>
      publish(database, [
        entry('rose', { region: 'QQ', category: 'florals', tags: ['red', 'dried'], quality: 0.9 }),
        entry('barn', { region: 'QQ', category: 'venues', tags: ['rustic'], quality: 0.8, vendorId: 'farm' }),
        entry('hall', { region: 'QQ', category: 'venues', tags: ['grand'], quality: 0.2, vendorId: 'farm' }),
        entry('cake', { region: 'QQ', category: 'food', tags: ['red'], quality: 0.1 }),
      ]),
    );

    it.each([
      [{ categories: ['venues'] }, ['barn', 'hall']],
      [{ categories: ['venues', 'food'] }, ['barn', 'cake', 'hall']],
      [{ tags: ['red'] }, ['cake', 'rose']],
      [{ tags: ['dried', 'rustic'] }, ['barn', 'rose']],
      [{ vendorIds: ['farm'] }, ['barn', 'hall']],
      [{ vendorIds: ['farm', 'vendor-of-cake'] }, ['barn', 'cake', 'hall']],
      [{ minQuality: 0.8 }, ['barn', 'rose']],
      [{ minQuality: 1 }, []],
      [{ categories: ['venues'], minQuality: 0.5 }, ['barn']],
      [{ tags: ['red'], categories: ['venues'] }, []],
      [{ vendorIds: ['nobody'] }, []],
      [{}, ['barn', 'cake', 'hall', 'rose']],
    ])('%j gives %j', async (filter, expected) => {
      const { ids } = await feed.read(userOf('ada'), { filter: { ...filter, regions: ['QQ'] } });
      expect(ids.toSorted()).toEqual(expected);
    });

    it('is kept to by the fallback for who has seen everything', async () => {
      const eve = userOf('eve');
      await feed.act(eve, 'VIEW', 'rose', 'barn', 'hall', 'cake');
      const page = await feed.read(eve, { filter: { categories: ['venues'], regions: ['QQ'] } });
      expect(page.mode).toBe('TRENDING');
      expect(page.ids.toSorted()).toEqual(['barn', 'hall']);
    });

    it('refuses what is malformed, and page sizes', async () => {
      for (const variables of [
        { filter: { regions: ['us'] } },
        { filter: { categories: ['No Slug'] } },
        { filter: { minQuality: 2 } },
        { filter: { vendorIds: Array.from({ length: 101 }, (_, index) => `v${index}`) } },
        { first: 0 },
        { first: 101 },
      ]) {
        const { data, codes } = await feed.ask(feedQuery, variables);
        expect({ data, codes }).toEqual({ data: { feed: null }, codes: ['BAD_USER_INPUT'] });
      }
    });
  });

  it('lets a vendor have three of twenty, unless it is asked for by name', async () => {
    await publish(database, [
      ...entries('big', 30, () => ({ region: 'VV', vendorId: 'big', quality: 1 })),
      ...entries('small', 40, () => ({ region: 'VV', quality: 0.1, publishedAt: daysAgo(30) })),
    ]);
    const page = await feed.read(userOf('ada'), { filter: { regions: ['VV'] }, first: 40 });
    const bigAmong = (ids: readonly string[]): number => ids.filter((id) => id.startsWith('big')).length;
    expect([bigAmong(page.ids.slice(0, 20)), bigAmong(page.ids.slice(20))]).toEqual([3, 3]);
    expect(page.ids.slice(0, 3).every((id) => id.startsWith('big'))).toBe(true);
    const named = await feed.read(userOf('ada'), {
      filter: { regions: ['VV'], vendorIds: ['big', 'vendor-of-small-0'] },
    });
    expect(bigAmong(named.ids)).toBe(20);
  });
});
