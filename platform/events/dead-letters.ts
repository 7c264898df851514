import { z } from 'zod';
import type { Database, Transaction } from '../database/database.ts';
import { eventRowSchema, type EventRow } from './event-row.ts';

/** How an event failed. */
export interface FailureRecord {
  /** In the words of `describeFailure`. */
  readonly failure: string;
  readonly attempts: number;
  readonly firstFailedAt: Date;
}

/** An event that was set aside, for logs and counters. */
export interface SetAside {
  readonly eventId: bigint;
  readonly type: string;
  readonly failure: string;
}

const letterSchema = eventRowSchema.extend({
  consumer: z.string(),
  failure: z.string(),
  attempts: z.number(),
  first_failed_at: z.date(),
  last_failed_at: z.date(),
  put_back_at: z.date().nullable(),
});

/** An event with its payload as it was raised, and how `consumer` failed on it. */
export type DeadLetter = z.infer<typeof letterSchema>;

/** Keeps `row` as a dead letter of `consumer`; one that is kept already counts its further attempts. */
export async function setAside(
  tx: Transaction,
  consumer: string,
  row: EventRow,
  { failure, attempts, firstFailedAt }: FailureRecord,
): Promise<SetAside> {
  await tx.$executeRaw`
    INSERT INTO events.dead_letter AS letter
      (consumer, event_id, type, version, payload, created_at, failure, attempts, first_failed_at, last_failed_at)
    VALUES (${consumer}, ${row.id}, ${row.type}, ${row.version}, ${JSON.stringify(row.payload)}::jsonb,
      ${row.created_at}::timestamptz, ${failure}, ${attempts}, ${firstFailedAt}::timestamptz, now())
    ON CONFLICT (consumer, event_id) DO UPDATE
    SET failure = excluded.failure, attempts = letter.attempts + excluded.attempts,
      last_failed_at = excluded.last_failed_at, put_back_at = NULL`;
  return { eventId: row.id, type: row.type, failure };
}

/** The letter of `consumer` that was put back and comes first, if any. */
export async function nextPutBack(tx: Transaction, consumer: string): Promise<EventRow | undefined> {
  const [row] = await tx.$queryRaw<unknown[]>`
    SELECT event_id AS id, type, version, payload, created_at FROM events.dead_letter
    WHERE consumer = ${consumer} AND put_back_at IS NOT NULL
    ORDER BY event_id LIMIT 1
    FOR UPDATE`;
  return row === undefined ? undefined : eventRowSchema.parse(row);
}

/** Forgets the letter, which has been handled after all. */
export async function removeLetter(tx: Transaction, consumer: string, eventId: bigint): Promise<void> {
  await tx.$executeRaw`DELETE FROM events.dead_letter WHERE consumer = ${consumer} AND event_id = ${eventId}`;
}

/** Dead letters in the order of their events, at most `limit` of those after event `after`; of one consumer or of all. */
export async function listDeadLetters(
  database: Database,
  {
    consumer = null,
    after = 0n,
    limit = 100,
  }: { consumer?: string | null; after?: bigint; limit?: number } = {},
): Promise<DeadLetter[]> {
  const rows = await database.prisma.$queryRaw<unknown[]>`
    SELECT event_id AS id, consumer, type, version, payload, created_at, failure, attempts, first_failed_at,
      last_failed_at, put_back_at
    FROM events.dead_letter
    WHERE event_id > ${after} AND (${consumer}::text IS NULL OR consumer = ${consumer}::text)
    ORDER BY event_id, consumer LIMIT ${limit}`;
  return z.array(letterSchema).parse(rows);
}

/** How many dead letters each consumer has; none for a consumer that is not in the map. */
export async function countDeadLetters(database: Database): Promise<Map<string, number>> {
  const rows = await database.prisma.$queryRaw<{ consumer: string; letters: number }[]>`
    SELECT consumer, count(*)::int AS letters FROM events.dead_letter GROUP BY consumer`;
  return new Map(rows.map(({ consumer, letters }) => [consumer, letters]));
}

/**
 * Lets `consumer` handle dead letters once more, those of `eventIds` or all of its own; returns how many. They come after
 * events that were raised later. One that fails again is set aside again.
 */
export async function putBackDeadLetters(
  database: Database,
  consumer: string,
  eventIds: readonly bigint[] | 'all',
): Promise<number> {
  const all = eventIds === 'all';
  const count = await database.prisma.$executeRaw`
    UPDATE events.dead_letter SET put_back_at = now()
    WHERE consumer = ${consumer} AND put_back_at IS NULL
      AND (${all} OR event_id = ANY (${all ? [] : [...eventIds]}::bigint[]))`;
  database.commits.emit('event', null);
  return count;
}
