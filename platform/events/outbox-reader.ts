import { z } from 'zod';
import type { Transaction } from '../database/database.ts';
import type { EventType } from './contracts.ts';
import { eventRowSchema, type EventRow } from './event-row.ts';

/** A place in the order of events, which is that of transactions. */
export interface Position {
  readonly xid: bigint;
  readonly eventId: bigint;
}

export const beginning: Position = { xid: 0n, eventId: 0n };

/** A transaction id above all, where those that still run are to count. */
export const afterAll = 2n ** 63n - 1n;

export interface OutboxRow extends EventRow {
  readonly xid: bigint;
}

export interface OutboxPage {
  readonly rows: readonly OutboxRow[];
  /** Everything before it is settled: no event can still appear there. */
  readonly horizon: Position;
  /** Up to where retention has deleted. */
  readonly deleted: Position;
  /** Whether an event has committed behind the horizon. */
  readonly heldBack: boolean;
}

const tailSchema = z.object({
  horizon: z.bigint(),
  deleted_xid: z.bigint(),
  deleted_id: z.bigint(),
  held_back: z.boolean(),
});
const rowSchema = eventRowSchema.extend({ xid: z.bigint() });

/**
 * The next events of `types` after `after`, at most `limit`. A later id can commit first, so the order is by transaction,
 * and transactions at or above the snapshot's xmin, which may still be running, wait.
 */
export async function readOutbox(
  client: Pick<Transaction, '$queryRaw'>,
  { types, after, limit }: { types: readonly EventType[]; after: Position; limit: number },
): Promise<OutboxPage> {
  // OFFSET 0 keeps the planner from asking anew for each event what is held back.
  const found = await client.$queryRaw<unknown[]>`
    SELECT tail.*, waiting.held_back, event.id, event.xid, event.type, event.version, event.payload, event.created_at
    FROM (
      SELECT (pg_snapshot_xmin(pg_current_snapshot())::text)::bigint AS horizon,
        coalesce((SELECT xid FROM events.retention), 0) AS deleted_xid,
        coalesce((SELECT event_id FROM events.retention), 0) AS deleted_id
    ) tail
    CROSS JOIN LATERAL (
      SELECT EXISTS (
        SELECT FROM events.next_events(${[...types]}::text[], tail.horizon, 0, ${afterAll}, 1)
      ) AS held_back OFFSET 0
    ) waiting
    LEFT JOIN LATERAL events.next_events(
      ${[...types]}::text[], ${after.xid}, ${after.eventId}, tail.horizon, ${limit}::int
    ) event ON true
    ORDER BY event.xid, event.id`;
  const { horizon, deleted_xid, deleted_id, held_back: heldBack } = tailSchema.parse(found[0]);
  const isEmpty = z.object({ id: z.null() }).safeParse(found[0]).success;
  return {
    rows: isEmpty ? [] : z.array(rowSchema).parse(found),
    horizon: { xid: horizon, eventId: 0n },
    deleted: { xid: deleted_xid, eventId: deleted_id },
    heldBack,
  };
}

/** Whether `a` comes before `b`. */
export function isBefore(a: Position, b: Position): boolean {
  return a.xid === b.xid ? a.eventId < b.eventId : a.xid < b.xid;
}

export function positionOf(row: OutboxRow): Position {
  return { xid: row.xid, eventId: row.id };
}
