import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Database } from '#platform/database/database.ts';
import { databases } from '../../../test/support/databases.ts';
import type { Answer } from '../../../test/support/subgraph.ts';
import { entries, publish, withdraw } from '../test/catalogue.ts';
import { openFeed, strangerOf, TestClock, userOf, type FeedUnderTest } from '../test/open-feed.ts';

const editor = userOf('editor', { scopes: ['catalogue'] });
const reader = userOf('reader', { region: 'US', scopes: ['dashboard', 'privacy'] });
const setPicks = `mutation ($input: EditorialPicksInput!) {
  setEditorialPicks(input: $input) { picks { id } } }`;
const picksQuery = 'query ($region: String) { editorialPicks(region: $region) { id } }';
const pickSchema = z.array(z.object({ id: z.string() }));

describe.each(databases)("the editors' picks on $kind", ({ open }) => {
  let database: Database;
  let feed: FeedUnderTest;
  const clock = new TestClock();
  beforeAll(async () => {
    database = await open();
    feed = openFeed(database, { clock: clock.now });
    await publish(database, [
      ...entries('us', 60, () => ({ region: 'US' })),
      ...entries('de', 5, () => ({ region: 'DE' })),
    ]);
  });
  afterAll(async () => {
    await feed.subgraph.stop();
    await database.close();
  });
  beforeEach(async () => {
    for (const region of [null, 'US', 'DE']) await pick({ region, contentIds: [] });
  });

  const ask = (input: object, caller = editor): Promise<Answer> => feed.ask(setPicks, { input }, caller);
  const pick = async (input: object): Promise<string[]> => {
    const { data, messages } = await ask(input);
    expect(messages).toEqual([]);
    return z
      .object({ setEditorialPicks: z.object({ picks: pickSchema }) })
      .parse(data)
      .setEditorialPicks.picks.map(({ id }) => id);
  };
  const picksOf = async (region?: string | null): Promise<string[]> => {
    const { data } = await feed.ask(picksQuery, { region }, editor);
    return z
      .object({ editorialPicks: pickSchema })
      .parse(data)
      .editorialPicks.map(({ id }) => id);
  };
  const asOf = (days: number): Date => new Date(clock.now().getTime() + days * 86_400_000);
  /** What a feed that is ranked now has of the editors, in its order. */
  const editorialOf = async (caller = reader, filter = {}): Promise<string[]> => {
    await feed.ask('mutation { refreshFeed { discarded } }', {}, caller);
    const { ids, sources } = await feed.read(caller, { first: 100, filter });
    return ids.filter((_id, index) => sources[index] === 'EDITORIAL').toSorted();
  };

  it('are kept in their order, by region, and replaced as a whole', async () => {
    expect(await pick({ region: 'US', contentIds: ['us-3', 'us-1', 'us-2'] })).toEqual([
      'us-3',
      'us-1',
      'us-2',
    ]);
    await pick({ contentIds: ['de-0'] });
    expect(await picksOf('US')).toEqual(['us-3', 'us-1', 'us-2']);
    expect(await picksOf('DE')).toEqual([]);
    expect([await picksOf(), await picksOf(null)]).toEqual([['de-0'], ['de-0']]);
    expect(await pick({ region: 'US', contentIds: ['us-9', 'us-3'] })).toEqual(['us-9', 'us-3']);
    expect(await picksOf('US')).toEqual(['us-9', 'us-3']);
    expect(await pick({ region: 'US', contentIds: [] })).toEqual([]);
    expect(await picksOf('US')).toEqual([]);
    expect(await picksOf()).toEqual(['de-0']);
  });

  it('are set and seen with scope catalogue alone', async () => {
    for (const caller of [reader, strangerOf(null), strangerOf('anon')]) {
      const { codes } = await ask({ contentIds: ['us-0'] }, caller);
      expect(codes).toEqual(['FORBIDDEN']);
      const { data } = await feed.ask(picksQuery, {}, caller);
      expect(data).toEqual({ editorialPicks: null });
    }
    expect(await picksOf()).toEqual([]);
  });

  it.each([
    ['a region that is none', 'BAD_USER_INPUT', { region: 'usa', contentIds: [] }],
    ['every region under its name', 'BAD_USER_INPUT', { region: '*', contentIds: [] }],
    ['an id twice', 'BAD_USER_INPUT', { contentIds: ['us-0', 'us-0'] }],
    ['an empty id', 'BAD_USER_INPUT', { contentIds: [''] }],
    ['an endless id', 'BAD_USER_INPUT', { contentIds: ['x'.repeat(129)] }],
    [
      'more than 100',
      'BAD_USER_INPUT',
      { contentIds: Array.from({ length: 101 }, (_, index) => `us-${index}`) },
    ],
    ['an unknown item', 'NOT_FOUND', { contentIds: ['us-0', 'nowhere'] }],
  ])('refuse %s with %s, and change nothing', async (_what, code, input) => {
    const before = { region: 'region' in input ? 'US' : null, contentIds: ['us-5'] };
    await pick(before);
    const { data, codes } = await ask(input);
    expect({ data, codes }).toEqual({ data: null, codes: [code] });
    expect(await picksOf(before.region)).toEqual(['us-5']);
  });

  it('refuse an item that was removed', async () => {
    await publish(database, entries('short-lived', 1));
    await withdraw(database, ['short-lived-0']);
    expect((await ask({ contentIds: ['short-lived-0'] })).codes).toEqual(['NOT_FOUND']);
  });

  it('are in the feeds of their region, and in those of every region', async () => {
    await pick({ region: 'US', contentIds: ['us-40', 'us-41'] });
    await pick({ region: 'DE', contentIds: ['us-42', 'de-1'] });
    await pick({ contentIds: ['us-43', 'de-2'] });
    expect(await editorialOf()).toEqual(['us-40', 'us-41', 'us-43']);
    expect(await editorialOf(userOf('german', { region: 'DE' }))).toEqual(['de-1', 'de-2']);
    expect(await editorialOf(userOf('anywhere'))).toEqual([
      'de-1',
      'de-2',
      'us-40',
      'us-41',
      'us-42',
      'us-43',
    ]);
  });

  it('come before what is as good', async () => {
    await pick({ region: 'US', contentIds: ['us-58', 'us-59'] });
    await feed.ask('mutation { refreshFeed { discarded } }', {}, reader);
    const { ids } = await feed.read(reader, { first: 2 });
    expect(ids.toSorted()).toEqual(['us-58', 'us-59']);
  });

  it('count until they end', async () => {
    await pick({ region: 'US', contentIds: ['us-44'], until: asOf(1).toISOString() });
    expect(await editorialOf()).toEqual(['us-44']);
    clock.pass(86_400_000 - 1);
    expect([await editorialOf(), await picksOf('US')]).toEqual([['us-44'], ['us-44']]);
    clock.pass(1);
    expect([await editorialOf(), await picksOf('US')]).toEqual([[], []]);
    expect(await pick({ region: 'US', contentIds: ['us-44'], until: clock.now().toISOString() })).toEqual([]);
  });

  it('are under the rules of a feed: not seen, not hidden, there, and what is asked for', async () => {
    const picked = ['us-50', 'us-51', 'us-52', 'us-53'];
    await pick({ region: 'US', contentIds: picked });
    const fay = userOf('fay', { region: 'US' });
    expect(await editorialOf(fay)).toEqual(picked);
    await feed.act(fay, 'VIEW', 'us-50');
    await feed.act(fay, 'HIDE', 'us-51');
    await withdraw(database, ['us-52'], clock.now());
    expect(await editorialOf(fay)).toEqual(['us-53']);
    expect(await editorialOf(fay, { vendorIds: ['vendor-of-us-50'] })).toEqual([]);
    expect(await editorialOf(userOf('gus', { region: 'US' }), { vendorIds: ['vendor-of-us-51'] })).toEqual([
      'us-51',
    ]);
  });
});
