import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { databases } from '../../test/support/databases.ts';
import type { Database } from '../database/database.ts';
import { markSeen } from './consumer-registry.ts';
import { listDeadLetters } from './dead-letters.ts';
import { deleteOldEvents } from './event-retention.ts';
import { consumeBatch, drainConsumer } from './once-consumer.ts';
import { appendEvent, inTransactionWithEvents } from './outbox.ts';
import { raise, raiseBroken, raiseMany, recorder, settled, withSessions } from './test/delivery-fixtures.ts';

const dayMs = 86_400_000;

/** Lets all events, or the first `count`, be `days` old. */
const age = async (database: Database, days: number, count = 1_000_000): Promise<void> => {
  await database.prisma.$executeRaw`
    UPDATE events.outbox SET created_at = now() - ${days}::int * interval '1 day'
    WHERE id IN (SELECT id FROM events.outbox ORDER BY id LIMIT ${count})`;
  await settled(database);
};

const left = async (database: Database): Promise<number> => database.prisma.outboxEvent.count();

describe.each(databases)('retention on $kind', ({ open }) => {
  let database: Database;
  beforeAll(async () => {
    database = await open();
  });
  beforeEach(async () => {
    await database.prisma.$executeRaw`TRUNCATE events.outbox, events.consumer, events.dead_letter`;
  });
  afterAll(() => database.close());

  it('deletes what is old and has been handled, in chunks, and nothing younger', async () => {
    const consumer = recorder('done');
    await raiseMany(database, 'n', 25);
    await drainConsumer(database, consumer);
    await age(database, 399);
    expect(await deleteOldEvents(database)).toBe(0);
    await age(database, 401, 17);
    expect(await deleteOldEvents(database, { chunk: 5 })).toBe(17);
    expect(await left(database)).toBe(8);
    expect(await deleteOldEvents(database, { retentionMs: 398 * dayMs, chunk: 3 })).toBe(8);
    expect(await left(database)).toBe(0);
  });

  it('keeps what a living consumer has before it, and no other type for its sake', async () => {
    const behind = recorder('behind');
    await raiseMany(database, 'n', 10);
    await settled(database);
    await consumeBatch(database, behind, 4);
    await inTransactionWithEvents(database, (tx) =>
      appendEvent(tx, 'import.completed', { importId: 'i', vendors: 0, contents: 0, interactions: 0 }),
    );
    await age(database, 500);
    // Four that it has passed, and the import, which it does not read.
    expect(await deleteOldEvents(database, { chunk: 3 })).toBe(5);
    await drainConsumer(database, behind);
    expect(behind.seen).toHaveLength(10);
    expect(await deleteOldEvents(database)).toBe(6);
  });

  it('keeps what a consumer that has not begun will read, and everything for one whose types are not known', async () => {
    await raise(database, 'a');
    await age(database, 500);
    await markSeen(database, [recorder('new')]);
    expect(await deleteOldEvents(database)).toBe(0);
    await drainConsumer(database, recorder('new'));
    await database.prisma.$executeRaw`INSERT INTO events.consumer (name) VALUES ('of an earlier release')`;
    expect(await deleteOldEvents(database)).toBe(0);
    await database.prisma.$executeRaw`DELETE FROM events.consumer WHERE name = 'of an earlier release'`;
    expect(await deleteOldEvents(database)).toBe(1);
  });

  it('is not held back by a consumer that nobody has run for a month, until it is back', async () => {
    await raise(database, 'a', 'b');
    await age(database, 500, 1);
    const idle = recorder('idle');
    await markSeen(database, [idle]);
    await database.prisma.$executeRaw`UPDATE events.consumer SET seen_at = now() - interval '29 days'`;
    expect(await deleteOldEvents(database)).toBe(0);
    await database.prisma.$executeRaw`UPDATE events.consumer SET seen_at = now() - interval '31 days'`;
    expect(await deleteOldEvents(database)).toBe(1);
    await age(database, 500);
    await markSeen(database, [idle]);
    expect(await deleteOldEvents(database)).toBe(0);
    await drainConsumer(database, idle);
    expect(idle.seen).toEqual(['b']);
  });

  it('leaves dead letters whole', async () => {
    const consumer = recorder('with letters');
    await raiseBroken(database);
    await drainConsumer(database, consumer);
    await age(database, 500);
    expect(await deleteOldEvents(database)).toBe(1);
    const [letter] = await listDeadLetters(database, { consumer: consumer.name });
    expect(letter?.payload).toEqual({ contentIds: 'Ada' });
  });
});

describe.each(withSessions)('retention in two processes on $kind (PGlite has one session)', ({ open }) => {
  it('leaves the work to the one that is at it', async () => {
    const database = await open();
    await raise(database, 'a');
    await age(database, 500);
    const other = await database.pool.connect();
    await other.query('BEGIN; SELECT 1 FROM events.retention FOR UPDATE');
    expect(await deleteOldEvents(database)).toBe(0);
    await other.query('ROLLBACK');
    other.release();
    expect(await deleteOldEvents(database)).toBe(1);
    await database.close();
  });
});
