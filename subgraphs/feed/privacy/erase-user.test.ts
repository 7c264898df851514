import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { databases } from '../../../test/support/databases.ts';
import type { Database } from '#platform/database/database.ts';
import { consumeOnce, drainConsumer, type OnceConsumer } from '#platform/events/once-consumer.ts';
import { completeErasures } from './complete-erasures.ts';
import { anonymousCaller, officer, openFeed, userCaller, type FeedUnderTest } from './test/open-feed.ts';

const erase = 'mutation ($id: ID!) { eraseUser(id: $id) { requestId completedAt } }';
const payloadSchema = z.object({ eraseUser: z.object({ requestId: z.uuid(), completedAt: z.null() }) });

describe.each(databases)('eraseUser on $kind', ({ open }) => {
  let database: Database;
  let feed: FeedUnderTest;
  beforeAll(async () => {
    database = await open();
    feed = await openFeed(database);
  });
  afterAll(async () => {
    await feed.subgraph.stop();
    await database.close();
  });

  const eraseSelf = async (userId: string): Promise<string> => {
    const { data } = await feed.ask(erase, userCaller(userId), { id: userId });
    return payloadSchema.parse(data).eraseUser.requestId;
  };
  const standing = async (requestId: string): Promise<unknown> => {
    const { data } = await feed.ask('query ($id: ID!) { erasure(requestId: $id) { completedAt } }', officer, {
      id: requestId,
    });
    return data?.['erasure'];
  };
  /** Rows of the feed and of the events that have `text` in them. */
  const traces = async (text: string): Promise<string[]> => {
    const { rows: tables } = await database.pool.query<{ name: string }>(
      `SELECT table_schema || '.' || table_name AS name FROM information_schema.tables
       WHERE table_schema IN ('feed', 'events')`,
    );
    const found: string[] = [];
    for (const { name } of tables) {
      const { rowCount } = await database.pool.query(
        `SELECT FROM ${name} AS t WHERE position($1 in t::text) > 0`,
        [text],
      );
      if ((rowCount ?? 0) > 0) found.push(name);
    }
    return found;
  };
  const fill = async (userId: string): Promise<void> => {
    const caller = userCaller(userId);
    await feed.record(caller, [`${userId}-1`, `${userId}-2`]);
    await feed.ask('{ feed(first: 2) { edges { cursor } } }', caller);
    await feed.ask(
      `mutation { followVendor(vendorId: "v0") { following } updateProfile(input: { region: "FR" }) { user { id } } }`,
      caller,
    );
    await feed.ask('query ($id: ID!) { exportUser(id: $id) { json } }', caller, { id: userId });
  };
  const complete = (): Promise<number> => completeErasures(database, () => new Date());

  it('deletes the rows at once, and is complete when all have confirmed and every event is clean', async () => {
    await fill('zoe-erased');
    await fill('yan-kept');
    const before = await traces('yan-kept');
    const requestId = await eraseSelf('zoe-erased');
    expect(await traces('zoe-erased')).toEqual(
      expect.not.arrayContaining(['feed.interaction', 'feed.slate']),
    );
    await feed.drain();
    await complete();
    expect(await standing(requestId)).toEqual({ completedAt: null });
    await feed.confirm(requestId);
    expect(await complete()).toBe(0);
    expect(await standing(requestId)).toEqual({ completedAt: expect.any(String) });
    expect(await traces('zoe-erased')).toEqual([]);
    expect(await traces('yan-kept')).toEqual(before);
  });

  it('waits for a consumer that still needs the events, but not for one that is long gone', async () => {
    const seen: string[] = [];
    const slow: OnceConsumer = {
      name: 'test.slow',
      types: ['interactions.recorded'],
      handle: (_tx, events) => {
        for (const event of events)
          if (event.type === 'interactions.recorded') seen.push(event.payload.userId);
        return Promise.resolve();
      },
    };
    await drainConsumer(database, slow);
    await fill('xia-waited');
    const requestId = await eraseSelf('xia-waited');
    await feed.drain();
    await feed.confirm(requestId);
    expect(await complete()).toBe(1);
    expect(await traces('xia-waited')).toContain('events.outbox');
    await consumeOnce(database, slow);
    expect(seen).toContain('xia-waited');
    expect(await complete()).toBe(0);
    expect(await traces('xia-waited')).toEqual([]);

    await fill('wim-gone');
    await database.prisma.$executeRaw`
      UPDATE events.consumer SET seen_at = now() - interval '13 hours' WHERE name = 'test.slow'`;
    const second = await eraseSelf('wim-gone');
    await feed.drain();
    await feed.confirm(second);
    expect(await complete()).toBe(0);
    expect(await traces('wim-gone')).toEqual([]);
    await database.prisma.$executeRaw`DELETE FROM events.consumer WHERE name = 'test.slow'`;
  });

  it('begins a new history with what is recorded afterwards, which a repeat erases', async () => {
    await fill('vic-back');
    const first = await eraseSelf('vic-back');
    expect(await feed.record(userCaller('vic-back'), ['vic-back-1'])).toBe(1);
    await feed.drain();
    await feed.confirm(first);
    await complete();
    expect(await standing(first)).toEqual({ completedAt: expect.any(String) });
    expect(await traces('vic-back')).toEqual(expect.arrayContaining(['events.outbox', 'feed.interaction']));
    const second = await eraseSelf('vic-back');
    const third = await eraseSelf('vic-back');
    await feed.drain();
    // Those of the second request are lost; the third covers it.
    await feed.confirm(third);
    expect(await complete()).toBe(0);
    expect(await standing(second)).toEqual({ completedAt: expect.any(String) });
    expect(await traces('vic-back')).toEqual([]);
  });

  it('cuts the history in one place, for rows and events alike, while interactions are recorded', async () => {
    const caller = userCaller('uma-busy');
    const ids = Array.from({ length: 40 }, (_, index) => `u${index}`);
    await feed.record(caller, ['first']);
    const recording = ids.map((id) => feed.record(caller, [id]));
    const erasures = await Promise.all(
      [recording[5], recording[20]].map(async (mark) => {
        await mark;
        return eraseSelf('uma-busy');
      }),
    );
    expect(new Set(erasures).size).toBe(2);
    await Promise.all(recording);
    const { rows: events } = await database.pool.query<{ type: string; ids: string[] }>(
      `SELECT type, ARRAY(SELECT jsonb_array_elements(payload -> 'interactions') ->> 'id') AS ids
       FROM events.outbox WHERE payload ->> 'userId' = 'uma-busy' ORDER BY xid, id`,
    );
    const cut = events.findLastIndex(({ type }) => type === 'user.erased');
    const rows = await database.prisma.feedInteraction.findMany({ where: { userId: 'uma-busy' } });
    expect(rows.map(({ id }) => id).toSorted()).toEqual(
      events
        .slice(cut)
        .flatMap((event) => event.ids)
        .toSorted(),
    );
  });

  it('drops the feeds in memory and pages that are logged late', async () => {
    const caller = userCaller('tim-cached');
    const feedId = async (): Promise<string> =>
      JSON.stringify((await feed.ask('{ feed(first: 2) { ranking { feedId } } }', caller)).data);
    const before = await feedId();
    expect(await feedId()).toBe(before);
    // The page waits to be logged.
    await eraseSelf('tim-cached');
    await feed.subgraph.stop();
    expect(await database.prisma.feedSlate.count({ where: { subject: 'tim-cached' } })).toBe(0);
    expect(await feedId()).not.toBe(before);
  });

  it('is for oneself and scope privacy alone', async () => {
    const ask = async (id: string, caller = userCaller('eve')): Promise<readonly unknown[]> =>
      (await feed.ask(erase, caller, { id })).codes;
    expect(await ask('ada')).toEqual(['FORBIDDEN']);
    expect(await ask('ada', anonymousCaller(null))).toEqual(['FORBIDDEN']);
    expect(await ask('ada', userCaller('eve', ['dashboard', 'catalogue']))).toEqual(['FORBIDDEN']);
    expect(await ask('ada', userCaller('eve', ['privacy']))).toEqual([]);
    expect(await ask('anonymous:00000000-0000-4000-8000-000000000001')).toEqual(['FORBIDDEN']);
    const visitor = anonymousCaller('00000000-0000-4000-8000-000000000001');
    expect(await ask('anonymous:00000000-0000-4000-8000-000000000001', visitor)).toEqual([]);
    expect(await ask('a\nb', officer)).toEqual(['BAD_USER_INPUT']);
    expect(await standing('nothing')).toBeNull();
    expect(await standing('00000000-0000-4000-8000-000000000001')).toBeNull();
  });
});
