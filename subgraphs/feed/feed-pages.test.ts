import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Caller } from '#platform/caller/caller.ts';
import type { Database } from '#platform/database/database.ts';
import { createLogger } from '#platform/logging/logger.ts';
import { databases } from '../../test/support/databases.ts';
import { createFeedCaches } from './index.ts';
import { snapshotLifeMs } from './snapshot/feed-snapshot.ts';
import { entries, entry, publish, withdraw } from './test/catalogue.ts';
import {
  openFeed,
  TestClock,
  updateProfile,
  userOf,
  type FeedUnderTest,
  type Page,
} from './test/open-feed.ts';

const pageCount = 10;

describe.each(databases)('the pages of a feed on $kind', ({ open }) => {
  let database: Database;
  let feed: FeedUnderTest;
  const clock = new TestClock();
  beforeAll(async () => {
    database = await open();
    feed = openFeed(database, { clock: clock.now });
    await publish(
      database,
      ['US', 'FR'].flatMap((region) =>
        entries(region, 280, (index) => ({ region, vendorId: `${region}-vendor-${index % 40}` })),
      ),
    );
  });
  afterAll(async () => {
    await feed.subgraph.stop();
    await database.close();
  });

  const expire = (): void => clock.pass(snapshotLifeMs + 1);

  /** A catalogue update, a removal and an interaction; one item moves to the other region. */
  const changeTheWorld = async (caller: Caller, page: number, seen: readonly string[]): Promise<void> => {
    const region = page % 2 === 0 ? 'US' : 'FR';
    clock.pass(1_000);
    const changed = { publishedAt: clock.now().toISOString(), version: page + 2 };
    await publish(
      database,
      [
        entry(`${region}-new-${page}`, { ...changed, region, vendorId: `${region}-vendor-1` }),
        entry(`${region}-${page * 3}`, { ...changed, region: region === 'US' ? 'FR' : 'US' }),
      ],
      clock.now(),
    );
    const withdrawn = [`US-${page * 5 + 1}`, `FR-${page * 5 + 1}`];
    await withdraw(database, withdrawn, clock.now());
    const there = seen.findLast((id) => !withdrawn.includes(id));
    await feed.act(caller, page % 2 === 0 ? 'SAVE' : 'IMPRESSION', there ?? '');
  };

  const readPages = async (
    caller: Caller,
    filter: object,
    between: (page: number, seen: readonly string[]) => Promise<void>,
  ): Promise<Page[]> => {
    const pages: Page[] = [];
    for (let page = 0; page < pageCount; page++) {
      const read = await feed.read(caller, { after: pages.at(-1)?.endCursor ?? null, filter });
      pages.push(read);
      if (page < pageCount - 1) await between(page, read.ids);
    }
    return pages;
  };

  const regionNow = async (ids: readonly string[]): Promise<Set<string>> => {
    const rows = await database.prisma.feedContent.findMany({ where: { id: { in: [...ids] } } });
    return new Set(rows.map(({ region }) => region));
  };

  it.each([
    ['every region', 'paul', {}],
    ['one region', 'petra', { regions: ['FR'] }],
  ])(
    'never show an item twice, in %s, while the world changes and the snapshot runs out',
    async (_name, user, filter) => {
      const caller = userOf(user);
      const foreign = new Set<string>();
      const pages = await readPages(caller, filter, async (page, seen) => {
        if ('regions' in filter) for (const region of await regionNow(seen)) foreign.add(region);
        await changeTheWorld(caller, page, seen);
        if (page === 2) expire();
      });
      foreign.delete('FR');
      expect([...foreign]).toEqual([]);
      const ids = pages.flatMap((page) => page.ids);
      expect(ids).toHaveLength(pageCount * 20);
      expect(new Set(ids).size).toBe(ids.length);
      expect(pages.flatMap((page) => page.positions)).toEqual(ids.map((_, index) => index + 1));
      expect(new Set(pages.map(({ feedId }) => feedId)).size).toBe(1);
    },
  );

  it('are the same again when an earlier one is read by its cursor, snapshot or not', async () => {
    const rita = userOf('rita', { region: 'US' });
    const first = await feed.read(rita);
    const second = await feed.read(rita, { after: first.endCursor });
    const third = await feed.read(rita, { after: second.endCursor });
    const again = async (): Promise<void> => {
      expect((await feed.read(rita, { after: first.endCursor })).ids).toEqual(second.ids);
      expect((await feed.read(rita, { after: second.endCursor })).positions).toEqual(third.positions);
    };
    await again();
    expect((await feed.read(rita)).ids).toEqual(first.ids);
    // From the middle of one page into the next.
    const across = await feed.read(rita, { after: first.cursors[9] ?? null });
    expect(across.ids).toEqual([...first.ids.slice(10), ...second.ids.slice(0, 10)]);
    expire();
    await again();
  });

  it('skip what was removed and keep the positions of the rest', async () => {
    const sara = userOf('sara', { region: 'US' });
    const first = await feed.read(sara, { first: 5 });
    const second = await feed.read(sara, { first: 5, after: first.endCursor });
    await withdraw(database, second.ids.slice(1, 3), clock.now());
    const again = await feed.read(sara, { first: 5, after: first.endCursor });
    expect(again.ids.slice(0, 3)).toEqual([second.ids[0], ...second.ids.slice(3)]);
    expect(again.positions).toEqual([6, 9, 10, 11, 12]);
  });

  it('go on behind however many were removed, and end where all the rest was', async () => {
    const uma = userOf('uma', { region: 'NZ' });
    await publish(
      database,
      entries('NZ', 90, (index) => ({ region: 'NZ', vendorId: `NZ-vendor-${index}` })),
      clock.now(),
    );
    const all = (await feed.read(uma, { first: 100 })).ids;
    expect(all).toHaveLength(90);
    const first = await feed.read(uma, { first: 5 });
    expect(first.ids).toEqual(all.slice(0, 5));
    await withdraw(database, all.slice(5, 60), clock.now());
    const second = await feed.read(uma, { first: 5, after: first.endCursor });
    expect(second).toMatchObject({ ids: all.slice(60, 65), hasNextPage: true });
    await withdraw(database, all.slice(65), clock.now());
    const third = await feed.read(uma, { first: 5, after: second.endCursor });
    expect(third).toMatchObject({ ids: [], hasNextPage: false });
  });

  it('end after 240 items', async () => {
    const tess = userOf('tess');
    const first = await feed.read(tess, { first: 100 });
    const second = await feed.read(tess, { first: 100, after: first.endCursor });
    const third = await feed.read(tess, { first: 100, after: second.endCursor });
    expect([first, second, third].map(({ ids, hasNextPage }) => [ids.length, hasNextPage])).toEqual([
      [100, true],
      [100, true],
      [40, false],
    ]);
    expire();
    const end = await feed.read(tess, { after: third.endCursor });
    expect(end).toMatchObject({ ids: [], hasNextPage: false });
  });

  it('stay one feed for five minutes, and are ranked anew after', async () => {
    const ulla = userOf('ulla');
    const first = await feed.read(ulla);
    clock.pass(snapshotLifeMs - 1);
    expect(await feed.read(ulla)).toMatchObject({ feedId: first.feedId, generatedAt: first.generatedAt });
    clock.pass(1);
    const next = await feed.read(ulla);
    expect(next.feedId).not.toBe(first.feedId);
    expect(next.generatedAt).toBe(clock.now().toISOString());
  });

  it('are one feed to calls at the same time', async () => {
    const vera = userOf('vera', { region: 'US' });
    const firsts = await Promise.all([1, 2, 3, 4].map(() => feed.read(vera)));
    expect(new Set(firsts.map(({ feedId, ids }) => JSON.stringify([feedId, ids]))).size).toBe(1);
    const after = firsts[0]?.endCursor ?? null;
    const seconds = await Promise.all([1, 2, 3, 4].map(() => feed.read(vera, { after })));
    expect(new Set(seconds.map(({ positions, ids }) => JSON.stringify([positions, ids]))).size).toBe(1);
  });

  it('go on in another process, which has the slate log alone', async () => {
    const wanda = userOf('wanda', { region: 'FR' });
    const first = await feed.read(wanda);
    const second = await feed.read(wanda, { after: first.endCursor });
    const other = openFeed(database, { clock: clock.now });
    const third = await other.read(wanda, { after: second.endCursor });
    await other.subgraph.stop();
    expect(new Set([...first.ids, ...second.ids, ...third.ids]).size).toBe(60);
    expect(third.positions[0]).toBe(41);
    expect(third.feedId).toBe(first.feedId);
  });

  it('go on in turns in processes that share the slate log alone', async () => {
    const walter = userOf('walter', { region: 'FR' });
    const other = openFeed(database, { clock: clock.now });
    const pages: Page[] = [];
    for (const each of [feed, other, feed, other, feed])
      pages.push(await each.read(walter, { after: pages.at(-1)?.endCursor ?? null }));
    await other.subgraph.stop();
    expect(new Set(pages.flatMap(({ ids }) => ids)).size).toBe(100);
    expect(pages.map(({ positions }) => positions[0])).toEqual([1, 21, 41, 61, 81]);
  });

  it('are one feed to processes that share their caches', async () => {
    const caches = createFeedCaches(createLogger('silent'));
    const processes = [1, 2].map(() => openFeed(database, { clock: clock.now, caches }));
    const yara = userOf('yara');
    const firsts: Page[] = [];
    for (const each of processes) firsts.push(await each.read(yara));
    expect(firsts[1]).toMatchObject({ feedId: firsts[0]?.feedId, ids: firsts[0]?.ids });
    for (const each of processes) await each.subgraph.stop();
  });

  it('keep to the region that the profile has now', async () => {
    const xena = userOf('xena');
    await feed.ask(updateProfile, { input: { region: 'US' } }, xena);
    const first = await feed.read(xena);
    expect(await regionNow(first.ids)).toEqual(new Set(['US']));
    await feed.ask(updateProfile, { input: { region: 'FR' } }, xena);
    const second = await feed.read(xena, { after: first.endCursor });
    expect(second).toMatchObject({ feedId: first.feedId, positions: first.positions.map((at) => at + 20) });
    expect(await regionNow(second.ids)).toEqual(new Set(['FR']));
  });

  it('goes on past expiry for somebody who has seen everything', async () => {
    const ids = Array.from({ length: 30 }, (_, index) => `seen-${index}`);
    await publish(
      database,
      entries('seen', 30, () => ({ region: 'ZZ' })),
    );
    const reader = userOf('seen-it-all', { region: 'ZZ' });
    await feed.act(reader, 'VIEW', ...ids);
    const first = await feed.read(reader);
    expect(first).toMatchObject({ mode: 'TRENDING', hasNextPage: true });
    expire();
    const second = await feed.read(reader, { after: first.endCursor });
    expect(second).toMatchObject({ mode: 'TRENDING', hasNextPage: false });
    expect([...first.ids, ...second.ids].toSorted()).toEqual(ids.toSorted());
  });
});
