import type { Database, Transaction } from '../database/database.ts';
import type { BouquetEvent, EventType } from './contracts.ts';
import { nextPutBack, removeLetter, setAside, type FailureRecord, type SetAside } from './dead-letters.ts';
import { describeFailure } from './describe-failure.ts';
import { errorChain } from '../errors/error-chain.ts';
import { isNewer, parseRows, toEvent } from './event-row.ts';
import { inTransactionWithEvents } from './outbox.ts';
import { afterAll, positionOf, readOutbox, type OutboxRow, type Position } from './outbox-reader.ts';
import { isTransient } from '../errors/transient-failure.ts';

/** Work that every event of `types` is given to once, across all processes. */
export interface OnceConsumer {
  /** Unique and stable: the cursor is kept under it. */
  readonly name: string;
  readonly types: readonly EventType[];
  /** Lets events gather until the next poll, where nobody waits for the effect: many commits make one batch. */
  readonly gathers?: boolean;
  /**
   * Applies a batch in order. Runs in the transaction that moves the cursor, so what it writes by `tx` happens
   * exactly once; anything else it does may happen again after a crash. An event that it fails on again and again is
   * set aside, unless the error is one of the surroundings (`isTransient`): let those pass through as they are.
   */
  handle(tx: Transaction, events: readonly BouquetEvent[]): Promise<void>;
}

/** Events of one transaction at most. */
export const fullBatch = 200;

export interface BatchOutcome {
  /** Events that the consumer is done with, those that were set aside among them. */
  readonly passed: number;
  readonly setAside: readonly SetAside[];
}

export interface FailedBatch {
  /** What it held, oldest first; empty where it failed before it was read. */
  eventIds: readonly bigint[];
  /** Whether it was one dead letter that had been put back. */
  isPutBack: boolean;
  /** Whether the surroundings failed, not the work. */
  transient: boolean;
}

/** A batch that was rolled back; `cause` is what the consumer or the database threw. */
export class BatchFailure extends Error {
  readonly batch: Readonly<FailedBatch>;

  constructor(cause: unknown, batch: FailedBatch) {
    super('A batch of events failed.', { cause });
    this.name = 'BatchFailure';
    this.batch = batch;
  }
}

/**
 * Gives the consumer its next events, and first of all a dead letter that was put back. Returns how many it is done
 * with; 0 when there is none or when another process holds the consumer's row, whose lock is the lease.
 * @throws whatever the consumer throws; its events come again.
 */
export async function consumeOnce(database: Database, consumer: OnceConsumer): Promise<number> {
  try {
    return (await consumeBatch(database, consumer, fullBatch)).passed;
  } catch (error) {
    throw error instanceof BatchFailure ? error.cause : error;
  }
}

/**
 * Runs `consumer` until nothing waits; for commands and tests that must see its effect. Waits for transactions, even of
 * other databases of the server, that hold committed events back.
 */
export async function drainConsumer(database: Database, consumer: OnceConsumer): Promise<void> {
  for (;;) {
    if ((await consumeOnce(database, consumer)) > 0) continue;
    if ((await pendingEvents(database, consumer)) === 'none') return;
    // Another process is at it, or transactions have to end.
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** What waits for a consumer: nothing, what can be delivered, or only what older transactions hold back. */
export type Pending = 'none' | 'ready' | 'held-back';

/** What of events and put back letters `consumer` has not handled. One cheap statement, takes no lock. */
export async function pendingEvents(
  database: Database,
  { name, types }: Pick<OnceConsumer, 'name' | 'types'>,
): Promise<Pending> {
  const [row] = await database.prisma.$queryRaw<{ pending: Pending }[]>`
    SELECT CASE
      WHEN EXISTS (
        SELECT 1 FROM events.dead_letter WHERE consumer = ${name} AND put_back_at IS NOT NULL
      ) THEN 'ready'
      ELSE coalesce((
        SELECT CASE
          WHEN next.xid < (pg_snapshot_xmin(pg_current_snapshot())::text)::bigint THEN 'ready' ELSE 'held-back'
        END
        FROM events.next_events(
          ${[...types]}::text[],
          coalesce((SELECT xid FROM events.consumer WHERE name = ${name}), 0),
          coalesce((SELECT event_id FROM events.consumer WHERE name = ${name}), 0),
          ${afterAll},
          1
        ) next
      ), 'none')
    END AS pending`;
  return row?.pending ?? 'none';
}

/**
 * One transaction: takes the lease, handles at most `limit` events, sets those aside that break their contract, moves the
 * cursor.
 * @throws BatchFailure
 */
export async function consumeBatch(
  database: Database,
  consumer: OnceConsumer,
  limit: number,
): Promise<BatchOutcome> {
  const batch: FailedBatch = { eventIds: [], isPutBack: false, transient: true };
  try {
    const inTransaction = () =>
      inTransactionWithEvents(database, (tx) => handleNext(tx, { consumer, limit, batch }));
    const outcome = await inTransaction();
    if (outcome !== null) return outcome;
    return (
      ((await addCursor(database, consumer)) ? await inTransaction() : null) ?? { passed: 0, setAside: [] }
    );
  } catch (error) {
    throw new BatchFailure(error, batch);
  }
}

/** Null without the lease. Notes in `batch` what it has got hold of, for the case that it throws. */
async function handleNext(
  tx: Transaction,
  { consumer, limit, batch }: { consumer: OnceConsumer; limit: number; batch: FailedBatch },
): Promise<BatchOutcome | null> {
  const lease = await takeLease(tx, consumer);
  if (lease === null) return null;
  const letter = lease.put_back ? await nextPutBack(tx, consumer.name) : undefined;
  const rows = letter === undefined ? await nextRows(tx, consumer, lease, limit) : [];
  const all = letter === undefined ? rows : [letter];
  batch.eventIds = all.map(({ id }) => id);
  batch.isPutBack = letter !== undefined;
  const { events, broken } = parseRows(all);
  const letters: SetAside[] = [];
  for (const { row, error } of broken) {
    letters.push(await setAside(tx, consumer.name, row, firstFailure(error)));
  }
  if (events.length > 0) {
    try {
      await consumer.handle(tx, events);
    } catch (error) {
      batch.transient = isTransient(error) || !(await answers(tx));
      throw error;
    }
    if (letter !== undefined) await removeLetter(tx, consumer.name, letter.id);
  }
  const last = rows.at(-1);
  if (last !== undefined) await moveCursor(tx, consumer, positionOf(last));
  return { passed: all.length, setAside: letters };
}

/**
 * Sets event `eventId` aside and moves the cursor past it, both or neither. Returns null, and changes nothing, where it
 * is no longer the next one, as when another process has got past it.
 */
export async function setNextAside(
  database: Database,
  consumer: OnceConsumer,
  eventId: bigint,
  failure: FailureRecord,
): Promise<SetAside | null> {
  return database.transaction(async (tx) => {
    const lease = await takeLease(tx, consumer);
    if (lease === null) return null;
    const [next] = await nextRows(tx, consumer, lease, 1);
    if (next?.id !== eventId) return null;
    const letter = await setAside(tx, consumer.name, next, failure);
    await moveCursor(tx, consumer, positionOf(next));
    return letter;
  });
}

/** Sets a letter aside again that was put back and has failed. Null where it is put back no longer. */
export async function setPutBackAside(
  database: Database,
  consumer: OnceConsumer,
  eventId: bigint,
  failure: FailureRecord,
): Promise<SetAside | null> {
  return database.transaction(async (tx) => {
    const letter = await nextPutBack(tx, consumer.name);
    return letter?.id === eventId ? setAside(tx, consumer.name, letter, failure) : null;
  });
}

interface Lease extends Position {
  readonly put_back: boolean;
}

/** Returns whether the consumer had no cursor yet, and has one now. */
async function addCursor(database: Database, { name, types }: OnceConsumer): Promise<boolean> {
  const added = await database.prisma.$executeRaw`
    INSERT INTO events.consumer (name, types) VALUES (${name}, ${[...types]}::text[])
    ON CONFLICT (name) DO NOTHING`;
  return added > 0;
}

async function takeLease(tx: Transaction, { name }: OnceConsumer): Promise<Lease | null> {
  const [lease] = await tx.$queryRaw<Lease[]>`
    SELECT xid, event_id AS "eventId", EXISTS (
      SELECT 1 FROM events.dead_letter WHERE consumer = ${name} AND put_back_at IS NOT NULL
    ) AS put_back
    FROM events.consumer WHERE name = ${name} FOR UPDATE SKIP LOCKED`;
  return lease ?? null;
}

async function nextRows(
  tx: Transaction,
  { types }: OnceConsumer,
  after: Position,
  limit: number,
): Promise<readonly OutboxRow[]> {
  const { rows } = await readOutbox(tx, { types, after, limit });
  // In the middle of a deployment a newer process takes what this one cannot read, and all that follows.
  const newer = rows.findIndex((row) => isNewer(row));
  const [first] = rows;
  if (newer === 0 && first !== undefined) toEvent(first);
  return newer === -1 ? rows : rows.slice(0, newer);
}

async function moveCursor(tx: Transaction, { name, types }: OnceConsumer, to: Position): Promise<void> {
  await tx.$executeRaw`
    UPDATE events.consumer
    SET xid = ${to.xid}, event_id = ${to.eventId}, types = ${[...types]}::text[], updated_at = now(), seen_at = now()
    WHERE name = ${name}`;
}

/** No retry mends a payload, so the first failure is the last. */
function firstFailure(error: unknown): FailureRecord {
  return { failure: describeFailure(error), attempts: 1, firstFailedAt: new Date() };
}

/** Whether the transaction can still be asked: neither its connection nor its time has run out. */
async function answers(tx: Transaction): Promise<boolean> {
  try {
    await tx.$queryRaw`SELECT 1`;
    return true;
  } catch (error) {
    // A statement that failed leaves the transaction aborted, which only a living connection can say.
    return errorChain(error).some(({ originalCode }) => originalCode === '25P02');
  }
}
