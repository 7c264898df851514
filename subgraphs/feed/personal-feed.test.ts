import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Database } from '#platform/database/database.ts';
import { databases } from '../../test/support/databases.ts';
import { trainItemNeighbours } from './learning/train-item-neighbours.ts';
import { trainItemVectors } from './learning/train-item-vectors.ts';
import { daysAgo, entries, entry, publish } from './test/catalogue.ts';
import { catchUp } from './test/learning.ts';
import { openFeed, strangerOf, userOf, type FeedUnderTest } from './test/open-feed.ts';

/** Each test has a region of its own. */
const inRegion = (userId: string, region: string) => userOf(userId, { region });

describe.each(databases)('a personal feed on $kind', ({ open }) => {
  let database: Database;
  let feed: FeedUnderTest;
  beforeAll(async () => {
    database = await open();
    feed = openFeed(database);
  });
  afterAll(async () => {
    await feed.subgraph.stop();
    await database.close();
  });

  it('begins with what people of the same taste chose, once that is learned', async () => {
    const old = { region: 'AA', quality: 0, publishedAt: daysAgo(900) };
    await publish(database, [
      ...['rose', 'peony', 'tulip', 'cactus'].map((id) => entry(id, old)),
      ...entries('new', 30, () => ({ region: 'AA', quality: 1 })),
    ]);
    for (const name of ['a', 'b', 'c']) {
      const saver = inRegion(`saver-${name}`, 'AA');
      await feed.act(saver, 'SAVE', ...(name === 'c' ? ['rose', 'peony'] : ['rose', 'peony', 'tulip']));
    }
    await feed.act(inRegion('loner', 'AA'), 'SAVE', 'cactus');
    const ada = inRegion('ada', 'AA');
    await feed.act(ada, 'LIKE', 'rose');
    expect((await feed.read(inRegion('before', 'AA'), { first: 100 })).sources).not.toContain(
      'COLLABORATIVE',
    );

    await trainItemNeighbours(database);
    await catchUp(database, feed.subgraph.everyConsumers);
    const page = await feed.read(ada);
    expect(page.ids.slice(0, 2)).toEqual(['peony', 'tulip']);
    expect(page.sources.slice(0, 3)).toEqual(['COLLABORATIVE', 'COLLABORATIVE', 'FRESH']);
    expect(page).toMatchObject({ mode: 'MULTI_AGENT', degraded: [], stages: null, hasNextPage: true });
    expect(page.positions).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
    expect(page.scores.every((score) => score >= 0 && score <= 1)).toBe(true);
    expect(page.ids).not.toContain('rose');

    const other = await feed.read(inRegion('without-taste', 'AA'));
    expect(new Set(other.sources)).toEqual(new Set(['FRESH']));
  });

  it('has the newest of followed vendors before others of their age', async () => {
    await publish(database, [
      ...entries('other', 30, () => ({ region: 'BB' })),
      entry('followed-old', { region: 'BB', vendorId: 'friend', publishedAt: daysAgo(1) }),
      entry('followed-new', { region: 'BB', vendorId: 'friend' }),
    ]);
    const bob = inRegion('bob', 'BB');
    await feed.ask('mutation { followVendor(vendorId: "friend") { following } }', {}, bob);
    const page = await feed.read(bob, { first: 3 });
    expect(page.ids.slice(0, 2)).toEqual(['followed-new', 'followed-old']);
    expect(page.sources).toEqual(['FOLLOWED', 'FOLLOWED', 'FRESH']);
  });

  it('shows nothing that the user has been shown or has acted on', async () => {
    await publish(
      database,
      entries('seen', 10, () => ({ region: 'CC' })),
    );
    const carl = inRegion('carl', 'CC');
    await feed.act(carl, 'IMPRESSION', 'seen-0');
    await feed.act(carl, 'VIEW', 'seen-1');
    await feed.act(carl, 'SAVE', 'seen-2');
    expect((await feed.read(carl)).ids.toSorted()).toEqual([3, 4, 5, 6, 7, 8, 9].map((n) => `seen-${n}`));
    // What somebody else did does not matter.
    expect((await feed.read(inRegion('dora', 'CC'))).ids).toHaveLength(10);
  });

  it('drops a hidden item at once, and with two of a vendor all that it has', async () => {
    await publish(database, [
      ...entries('disliked', 4, () => ({ region: 'DD', vendorId: 'disliked' })),
      ...entries('fine', 4, () => ({ region: 'DD', vendorId: 'fine' })),
    ]);
    const dan = inRegion('dan', 'DD');
    const before = await feed.read(dan);
    expect(before.ids).toHaveLength(8);
    await feed.act(dan, 'HIDE', 'disliked-0', 'fine-0');
    const after = await feed.read(dan);
    expect(after.feedId).toBe(before.feedId);
    expect(after.ids).toEqual(before.ids.filter((id) => id !== 'disliked-0' && id !== 'fine-0'));
    await feed.act(dan, 'HIDE', 'disliked-1');
    const kept = ['fine-1', 'fine-2', 'fine-3'];
    expect((await feed.read(dan)).ids.toSorted()).toEqual(kept);
    await feed.ask('mutation { refreshFeed { discarded } }', {}, dan);
    expect((await feed.read(dan)).ids.toSorted()).toEqual(kept);
    expect((await feed.read(inRegion('dave', 'DD'))).ids).toHaveLength(8);
  });

  it('falls back to the popular for who has seen everything, still without what is hidden', async () => {
    await publish(
      database,
      entries('all', 6, () => ({ region: 'EE' })),
    );
    const eve = inRegion('eve', 'EE');
    await feed.act(eve, 'VIEW', ...[0, 1, 2, 3, 4, 5].map((n) => `all-${n}`));
    await feed.act(eve, 'HIDE', 'all-2');
    const page = await feed.read(eve);
    expect(page).toMatchObject({ mode: 'TRENDING', degraded: [], hasNextPage: false });
    expect(page.ids.toSorted()).toEqual(['all-0', 'all-1', 'all-3', 'all-4', 'all-5']);
  });

  it('is impersonal for a caller without any id, who can read on all the same', async () => {
    await publish(
      database,
      entries('open', 30, () => ({ region: 'FF' })),
    );
    const first = await feed.read(strangerOf(null, 'FF'));
    expect(first).toMatchObject({ mode: 'MULTI_AGENT', degraded: [], hasNextPage: true });
    const second = await feed.read(strangerOf(null, 'FF'), { after: first.endCursor });
    expect(new Set([...first.ids, ...second.ids]).size).toBe(30);
    expect(second.hasNextPage).toBe(false);
  });

  it('keeps the history of a caller with an anonymous id to that id', async () => {
    await publish(
      database,
      entries('anon', 3, () => ({ region: 'GG' })),
    );
    const stranger = strangerOf('6f1c1d3e-2f5b-4d0c-9a55-0d3b0f9f0a11', 'GG');
    await feed.act(stranger, 'VIEW', 'anon-1');
    expect((await feed.read(stranger)).ids.toSorted()).toEqual(['anon-0', 'anon-2']);
    expect((await feed.read(strangerOf('6f1c1d3e-2f5b-4d0c-9a55-0d3b0f9f0a12', 'GG'))).ids).toHaveLength(3);
    expect((await feed.read(strangerOf(null, 'GG'))).ids).toHaveLength(3);
  });

  it('is empty, and no error, in a region without content', async () => {
    for (const caller of [inRegion('nina', 'ZZ'), strangerOf(null, 'ZZ')]) {
      expect(await feed.read(caller)).toMatchObject({
        ids: [],
        degraded: [],
        hasNextPage: false,
        hasPreviousPage: false,
        startCursor: null,
        endCursor: null,
      });
    }
  });

  describe('costs as many statements', () => {
    const [small, large] = [inRegion('small', 'HH'), inRegion('large', 'HH')];
    beforeAll(async () => {
      await publish(
        database,
        entries('many', 230, () => ({ region: 'HH' })),
      );
      await feed.act(inRegion('crowd', 'HH'), 'SAVE', ...[0, 1, 2, 3].map((n) => `many-${n}`));
      await trainItemNeighbours(database);
      await trainItemVectors(database, { method: 'deep' });
      await catchUp(database, feed.subgraph.everyConsumers);
      for (const caller of [small, large]) {
        await feed.act(caller, 'SAVE', 'many-0');
        await feed.ask('mutation { followVendor(vendorId: "vendor-of-many-9") { following } }', {}, caller);
      }
      await feed.subgraph.stop();
      // The editors' picks are read once in some seconds, which are not to pass here.
      vi.useFakeTimers({ toFake: ['performance'] });
      await feed.read(inRegion('first', 'HH'));
      await feed.subgraph.stop();
      // A connection's first statements are its own.
      await Promise.all([1, 2, 3, 4].map(() => database.pool.query('SELECT pg_sleep(0.05)')));
    });

    afterAll(() => {
      vi.useRealTimers();
    });

    const count = async (work: () => Promise<unknown>): Promise<number> => {
      const before = database.timer.statements;
      await work();
      const statements = database.timer.statements - before;
      // The slate log writes later, and in one go; that must not be counted with the next query.
      await feed.subgraph.stop();
      return statements;
    };

    it('for 50 items as for 5: ranked anew, from the snapshot and on the next page', async () => {
      const after: { small: string | null; large: string | null } = { small: null, large: null };
      const both = async (): Promise<[small: number, large: number]> => [
        await count(async () => {
          const page = await feed.read(small, { first: 5, after: after.small });
          after.small = page.endCursor;
          expect(page.ids).toHaveLength(5);
        }),
        await count(async () => {
          const page = await feed.read(large, { first: 50, after: after.large });
          after.large = page.endCursor;
          expect(page.ids).toHaveLength(50);
        }),
      ];
      // A profile, a taste, four sources and the facts; vectors and editors' picks are in memory.
      expect(await both()).toEqual([7, 7]);
      [after.small, after.large] = [null, null];
      // A profile, and which items may still be shown.
      expect(await both()).toEqual([2, 2]);
      expect(await both()).toEqual([2, 2]);
    });

    it('for 50 users as for 2 whose profiles and follows are asked for', async () => {
      const source = `query ($users: [_Any!]!) { _entities(representations: $users) {
        ... on User { id region locale following { id } } } }`;
      const operator = userOf('operator', { scopes: ['dashboard'] });
      const asking = (users: number) => async (): Promise<void> => {
        const ids = Array.from({ length: users }, (_, index) => `user-${index}`);
        const representations = ids.map((id) => ({ __typename: 'User', id }));
        const { codes } = await feed.ask(source, { users: representations }, operator);
        expect(codes).toEqual([]);
      };
      expect([await count(asking(50)), await count(asking(2))]).toEqual([2, 2]);
    });
  });
});
