import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases } from '../../test/support/databases.ts';
import type { Database } from '../database/database.ts';
import type { EventPayload } from './contracts.ts';
import { drainConsumer, type OnceConsumer } from './once-consumer.ts';
import { appendEvent, inTransactionWithEvents } from './outbox.ts';
import { scrubDeadLetters, scrubEvents } from './scrub-events.ts';

const requestId = '00000000-0000-4000-8000-000000000001';
const page = (userId: string | null): EventPayload<'feed.served'>['pages'][number] => ({
  feedId: 'f',
  userId,
  mode: 'SIMPLE',
  contentIds: ['c1'],
  servedAt: '2026-01-01T00:00:00.000Z',
});

describe.each(databases)('scrubbing events on $kind', ({ open }) => {
  let database: Database;
  let upTo = 0n;
  beforeAll(async () => {
    database = await open();
    await inTransactionWithEvents(database, async (tx) => {
      for (const userId of ['ada', 'bob', 'ada']) {
        await appendEvent(tx, 'interactions.recorded', { userId, interactions: [] });
      }
      await appendEvent(tx, 'feed.served', { pages: [page('bob'), page('ada'), page(null), page('ada')] });
      await appendEvent(tx, 'feed.served', { pages: [page('bob')] });
      await appendEvent(tx, 'user.linked', { anonymousSubject: 'anonymous:1', userId: 'ada' });
      await appendEvent(tx, 'user.linked', { anonymousSubject: 'ada', userId: 'bob' });
      await appendEvent(tx, 'user.erased', { requestId, userId: 'ada' });
    });
    upTo = (await database.prisma.outboxEvent.findFirst({ orderBy: { id: 'desc' } }))?.id ?? 0n;
    await database.prisma.$executeRaw`
      INSERT INTO events.dead_letter (consumer, event_id, type, version, payload, created_at, failure, attempts,
        first_failed_at, last_failed_at)
      SELECT consumer, id, type, version, payload, now(), '', 1, now(), now()
      FROM events.outbox CROSS JOIN (VALUES ('one'), ('two')) c (consumer)`;
    await inTransactionWithEvents(database, (tx) =>
      appendEvent(tx, 'interactions.recorded', { userId: 'ada', interactions: [] }),
    );
  });
  afterAll(() => database.close());

  const payloads = async (): Promise<unknown[]> =>
    (await database.prisma.outboxEvent.findMany({ orderBy: { id: 'asc' } })).map(({ payload }) => payload);
  const scrub = (chunk?: number) =>
    database.transaction((tx) =>
      scrubEvents(tx, { subject: 'ada', upTo }, chunk === undefined ? {} : { chunk }),
    );
  const nothing = (types: OnceConsumer['types']): OnceConsumer => ({
    name: 'reader',
    types,
    handle: () => Promise.resolve(),
  });

  it('leaves what a consumer still needs, and takes the rest in chunks', async () => {
    await database.prisma.$executeRaw`
      INSERT INTO events.consumer (name, types) VALUES ('reader', ARRAY['interactions.recorded'])`;
    expect(await scrub()).toEqual({ scrubbed: 4, waiting: true });
    expect(await payloads()).toHaveLength(7);
    await drainConsumer(database, nothing(['interactions.recorded']));
    expect(await scrub(1)).toEqual({ scrubbed: 1, waiting: false });
    expect(await scrub(1)).toEqual({ scrubbed: 1, waiting: false });
    expect(await scrub(1)).toEqual({ scrubbed: 0, waiting: false });
  });

  it('leaves no trace of the subject up to the event, and all of others', async () => {
    expect(await payloads()).toEqual([
      { userId: 'bob', interactions: [] },
      { pages: [page('bob'), page(null), page(null), page(null)] },
      { pages: [page('bob')] },
      { requestId, userId: null },
      // Later than the erasure: a new history.
      { userId: 'ada', interactions: [] },
    ]);
  });

  it('scrubs the dead letters of one consumer, or of all', async () => {
    const letters = async (consumer: string): Promise<string> =>
      JSON.stringify(
        (await database.prisma.deadLetter.findMany({ where: { consumer } })).map((row) => row.payload),
      );
    await database.transaction((tx) => scrubDeadLetters(tx, { subject: 'ada', upTo }, 'one'));
    expect(await letters('one')).not.toContain('ada');
    expect(await letters('two')).toContain('ada');
    await database.transaction((tx) => scrubDeadLetters(tx, { subject: 'ada', upTo }));
    expect(await letters('two')).not.toContain('ada');
    expect(await letters('two')).toContain('bob');
  });
});
