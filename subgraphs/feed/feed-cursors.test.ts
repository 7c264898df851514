import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CursorCodec } from '#platform/graphql/cursor-codec.ts';
import type { Database } from '#platform/database/database.ts';
import { databases } from '../../test/support/databases.ts';
import { snapshotLifeMs } from './snapshot/feed-snapshot.ts';
import { entries, publish } from './test/catalogue.ts';
import {
  feedQuery,
  openFeed,
  strangerOf,
  TestClock,
  userFeedQuery,
  userOf,
  type FeedUnderTest,
} from './test/open-feed.ts';

const refused = { data: { feed: null }, codes: ['BAD_USER_INPUT'] };

describe.each(databases)('cursors and refreshes of a feed on $kind', ({ open }) => {
  let database: Database;
  let feed: FeedUnderTest;
  const clock = new TestClock();
  const ada = userOf('ada', { scopes: ['dashboard'] });
  beforeAll(async () => {
    database = await open();
    feed = openFeed(database, { clock: clock.now });
    await publish(
      database,
      entries('item', 60, (index) => ({ category: index % 2 === 0 ? 'florals' : 'venues' })),
    );
  });
  afterAll(async () => {
    await feed.subgraph.stop();
    await database.close();
  });

  const refresh = async (caller = ada): Promise<unknown> =>
    (await feed.ask('mutation { refreshFeed { discarded } }', {}, caller)).data;
  const discarded = (value: boolean): unknown => ({ refreshFeed: { discarded: value } });

  it('refuses a broken cursor', async () => {
    const { endCursor } = await feed.read(ada);
    const foreign = new CursorCodec([Buffer.alloc(32, 8).toString('base64')]).sign('feed', { position: 1 });
    for (const after of [
      '',
      'forged',
      foreign,
      `${endCursor}x`,
      endCursor?.slice(0, -1),
      'x'.repeat(100_000),
    ]) {
      const { data, codes } = await feed.ask(feedQuery, { after }, ada);
      expect({ data, codes }).toEqual(refused);
    }
  });

  it("refuses another caller's", async () => {
    const { endCursor: after } = await feed.read(ada);
    for (const caller of [userOf('eve'), strangerOf(null), strangerOf('ada'), userOf('anonymous:ada')]) {
      const { data, codes } = await feed.ask(feedQuery, { after }, caller);
      expect({ data, codes }).toEqual(refused);
    }
    // An operator's look at a user is a feed of its own.
    const looked = await feed.ask(userFeedQuery, { id: 'bob', after }, ada);
    expect(looked.codes).toEqual(['BAD_USER_INPUT']);
    const { codes } = await feed.ask(userFeedQuery, { id: 'ada', after }, ada);
    expect(codes).toEqual([]);
  });

  it("refuses another filter's, and takes the same in another order", async () => {
    const filter = { categories: ['florals', 'venues'], minQuality: 0.1 };
    const { endCursor: after } = await feed.read(ada, { filter });
    for (const other of [null, {}, { ...filter, minQuality: 0.2 }, { ...filter, categories: ['venues'] }]) {
      const { data, codes } = await feed.ask(feedQuery, { after, filter: other }, ada);
      expect({ data, codes }).toEqual(refused);
    }
    const turned = { ...filter, categories: ['venues', 'florals', 'venues'], tags: [] };
    expect((await feed.read(ada, { after, filter: turned })).positions[0]).toBe(21);
  });

  it('refuses one of a feed that is lost', async () => {
    const fay = userOf('fay');
    const { endCursor: after } = await feed.read(fay);
    await feed.subgraph.stop();
    clock.pass(snapshotLifeMs);
    await database.prisma.feedSlate.deleteMany({ where: { subject: 'fay' } });
    const { data, codes } = await feed.ask(feedQuery, { after }, fay);
    expect({ data, codes }).toEqual(refused);
  });

  it('refreshes all feeds of the caller and nobody else', async () => {
    const [grace, other] = [userOf('grace'), userOf('other')];
    const filter = { categories: ['venues'] };
    const [plain, filtered, others] = [
      await feed.read(grace),
      await feed.read(grace, { filter }),
      await feed.read(other),
    ];
    expect(await refresh(grace)).toEqual(discarded(true));
    expect(await refresh(grace)).toEqual(discarded(false));
    expect((await feed.read(grace)).feedId).not.toBe(plain.feedId);
    expect((await feed.read(grace, { filter })).feedId).not.toBe(filtered.feedId);
    expect((await feed.read(other)).feedId).toBe(others.feedId);
    // Who was reading can read on.
    const next = await feed.read(grace, { after: plain.endCursor });
    expect(next.feedId).toBe(plain.feedId);
    expect(new Set([...plain.ids, ...next.ids]).size).toBe(40);
  });

  it('has nothing to discard before the first feed and after it has run out', async () => {
    const hugo = userOf('hugo');
    expect(await refresh(hugo)).toEqual(discarded(false));
    await feed.read(hugo);
    clock.pass(snapshotLifeMs);
    expect(await refresh(hugo)).toEqual(discarded(false));
  });

  it('refreshes for an anonymous id, and not for a caller without any', async () => {
    await feed.read(strangerOf('some-id'));
    expect(await refresh(strangerOf('some-id'))).toEqual(discarded(true));
    const { codes } = await feed.ask('mutation { refreshFeed { discarded } }', {}, strangerOf(null));
    expect(codes).toEqual(['UNAUTHENTICATED']);
  });
});
