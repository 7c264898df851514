import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '#platform/database/database.ts';
import { databases } from '../../../test/support/databases.ts';
import { entries, entry, publish, withdraw } from '../test/catalogue.ts';
import {
  openFeed,
  recordInteractions,
  start,
  strangerOf,
  userOf,
  type FeedUnderTest,
} from '../test/open-feed.ts';

describe.each(databases)('recordInteractions on $kind', ({ open }) => {
  let database: Database;
  let feed: FeedUnderTest;
  beforeAll(async () => {
    database = await open();
    feed = openFeed(database);
    await publish(database, [...entries('item', 5), entry('gone')]);
    await withdraw(database, ['gone']);
  });
  afterAll(() => database.close());

  const saved = (id: string, overrides: object = {}): object => ({
    id,
    contentId: 'item-0',
    type: 'SAVE',
    occurredAt: start,
    ...overrides,
  });
  const record = async (caller: string, ...input: readonly object[]): Promise<unknown> => {
    const { data, codes } = await feed.ask(recordInteractions, { input }, userOf(caller));
    expect(codes).toEqual([]);
    return data;
  };
  const outcome = (accepted: number, duplicates = 0, rejected: readonly object[] = []): object => ({
    recordInteractions: { accepted, duplicates, rejected },
  });
  const storedBy = (userId: string) =>
    database.prisma.feedInteraction.findMany({ where: { userId }, orderBy: { id: 'asc' } });
  const eventsOf = async (userId: string): Promise<unknown[]> => {
    const rows = await database.prisma.outboxEvent.findMany({
      where: { type: 'interactions.recorded', payload: { path: ['userId'], equals: userId } },
      orderBy: { id: 'asc' },
    });
    return rows.map(({ payload }) => payload);
  };

  it('stores what is new and raises one event of it', async () => {
    const feedId = randomUUID();
    const viewed = saved('2', { contentId: 'item-1', type: 'VIEW', feedId, position: 3, dwellMs: 1200 });
    expect(await record('ada', saved('1'), viewed)).toEqual(outcome(2));
    expect(await storedBy('ada')).toMatchObject([
      { id: '1', contentId: 'item-0', vendorId: 'vendor-of-item-0', type: 'SAVE', feedId: null },
      { id: '2', contentId: 'item-1', type: 'VIEW', occurredAt: start, feedId, position: 3, dwellMs: 1200 },
    ]);
    const occurredAt = start.toISOString();
    const told = (id: string, contentId: string, type: string): object => {
      return { id, contentId, vendorId: `vendor-of-${contentId}`, type, occurredAt };
    };
    const [event, ...more] = await eventsOf('ada');
    expect(more).toEqual([]);
    expect(event).toEqual({
      userId: 'ada',
      interactions: expect.arrayContaining([told('1', 'item-0', 'SAVE'), told('2', 'item-1', 'VIEW')]),
    });
  });

  it('counts repeats, in a call and over calls, once', async () => {
    expect(await record('bob', saved('1'), saved('1'), saved('2'), saved('1'))).toEqual(outcome(2, 2));
    expect(await record('bob', saved('1'), saved('3'), saved('2'))).toEqual(outcome(1, 2));
    expect(await record('bob', saved('1'))).toEqual(outcome(0, 1));
    // An id is the caller's own.
    expect(await record('ben', saved('1'))).toEqual(outcome(1));
    expect(await storedBy('bob')).toHaveLength(3);
    expect(await eventsOf('bob')).toMatchObject([
      { interactions: [{ id: '1' }, { id: '2' }] },
      { interactions: [{ id: '3' }] },
    ]);
  });

  it('counts an impression once per user, feed and item', async () => {
    const [feedId, otherFeed] = [randomUUID(), randomUUID()];
    const shown = (id: string, overrides: object = {}) =>
      saved(id, { type: 'IMPRESSION', feedId, ...overrides });
    expect(await record('cleo', shown('1'), shown('2'), shown('3', { contentId: 'item-1' }))).toEqual(
      outcome(2, 1),
    );
    expect(await record('cleo', shown('4'), shown('5', { feedId: otherFeed }))).toEqual(outcome(1, 1));
    // Without a feed there is nothing to count it by.
    expect(await record('cleo', shown('6', { feedId: null }), shown('7', { feedId: null }))).toEqual(
      outcome(2),
    );
    expect(await record('cora', shown('1'))).toEqual(outcome(1));
  });

  it('takes a repeat for one even when its item is gone since', async () => {
    await publish(database, [entry('fading')]);
    expect(await record('dan', saved('1', { contentId: 'fading' }))).toEqual(outcome(1));
    await withdraw(database, ['fading']);
    expect(await record('dan', saved('1', { contentId: 'fading' }))).toEqual(outcome(0, 1));
  });

  it('rejects items that the catalogue does not have, and stores the rest', async () => {
    const unknown = (id: string, contentId: string): object => ({
      id,
      code: 'NOT_FOUND',
      message: `There is no content ${contentId}.`,
    });
    const input = [saved('1', { contentId: 'nowhere' }), saved('2'), saved('3', { contentId: 'gone' })];
    expect(await record('eve', ...input)).toEqual({
      recordInteractions: {
        accepted: 1,
        duplicates: 0,
        rejected: expect.arrayContaining([unknown('1', 'nowhere'), unknown('3', 'gone')]),
      },
    });
    expect((await storedBy('eve')).map(({ id }) => id)).toEqual(['2']);
  });

  it.each([
    ['an empty id', { id: '' }, 'id must'],
    ['a long id', { id: 'x'.repeat(129) }, 'id must'],
    ['a control character', { id: 'a\nb' }, 'id must'],
    ['half a character', { id: '\uD800' }, 'id must'],
    ['an empty contentId', { contentId: '' }, 'contentId must'],
    ['a NUL in contentId', { contentId: 'a\0' }, 'contentId must'],
    ['the future', { occurredAt: new Date(start.getTime() + 300_001) }, 'five minutes'],
    ['before 1970', { occurredAt: '1969-12-31T23:59:59.999Z' }, '1970'],
    ['a feedId that is none', { feedId: 'feed-1' }, 'feedId must'],
    ['position 0', { position: 0 }, 'position must'],
    ['position 10,001', { position: 10_001 }, 'position must'],
    ['negative dwell', { dwellMs: -1 }, 'dwellMs must'],
    ['dwell over a day', { dwellMs: 86_400_001 }, 'dwellMs must'],
  ])('rejects %s and stores the rest', async (_name, overrides, problem) => {
    const user = `sender of ${problem} ${JSON.stringify(overrides).length}`;
    const wrong = saved('wrong', overrides);
    const id = 'id' in overrides ? overrides.id.slice(0, 128) : 'wrong';
    expect(await record(user, wrong, saved('right'))).toEqual({
      recordInteractions: {
        accepted: 1,
        duplicates: 0,
        // A lone surrogate has no form in JSON text, but keeps its own in a string.
        rejected: [{ id, code: 'BAD_USER_INPUT', message: expect.stringContaining(problem) }],
      },
    });
    expect((await storedBy(user)).map((row) => row.id)).toEqual(['right']);
  });

  it('takes what is just inside the bounds', async () => {
    const input = [
      saved('x'.repeat(128)),
      saved('soon', { occurredAt: new Date(start.getTime() + 300_000) }),
      saved('long ago', { occurredAt: '1970-01-01T00:00:00Z' }),
      saved('ends', { position: 10_000, dwellMs: 86_400_000, feedId: randomUUID() }),
      saved('begins', { position: 1, dwellMs: 0 }),
      saved('é 漢 😀'),
    ];
    expect(await record('fay', ...input)).toEqual(outcome(6));
  });

  it('takes 500 at once, refuses 501 whole, and takes none at all', async () => {
    const many = Array.from({ length: 501 }, (_, index) =>
      saved(`many-${index}`, { contentId: `item-${index % 5}` }),
    );
    const { data, codes } = await feed.ask(recordInteractions, { input: many }, userOf('gus'));
    expect({ data, codes }).toEqual({ data: null, codes: ['BAD_USER_INPUT'] });
    expect(await storedBy('gus')).toEqual([]);
    expect(await record('gus', ...many.slice(1))).toEqual(outcome(500));
    expect(await record('gus')).toEqual(outcome(0));
  });

  it('raises no event where nothing is new', async () => {
    await record('hal', saved('1', { contentId: 'nowhere' }), saved('2', { position: 0 }));
    expect(await eventsOf('hal')).toEqual([]);
  });

  it('stores each once when the same call comes many times at once', async () => {
    const input = Array.from({ length: 40 }, (_, index) =>
      saved(`${index}`, { contentId: `item-${index % 5}` }),
    );
    const calls = [input, input.toReversed(), input, input.toReversed()];
    const answers = await Promise.all(calls.map((call) => record('ida', ...call)));
    expect(JSON.stringify(answers)).not.toContain('NOT_FOUND');
    expect(await storedBy('ida')).toHaveLength(40);
  });

  it('needs a user or an anonymous id', async () => {
    const ask = (caller = strangerOf(null)) => feed.ask(recordInteractions, { input: [saved('1')] }, caller);
    expect((await ask()).codes).toEqual(['UNAUTHENTICATED']);
    expect((await ask(strangerOf('some-id'))).data).toEqual(outcome(1));
    expect(await storedBy('anonymous:some-id')).toHaveLength(1);
  });
});
