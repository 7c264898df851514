import { z } from 'zod';
import type { Database, Transaction } from '../database/database.ts';
import { beginning, type Position } from './outbox-reader.ts';

const dayMs = 86_400_000;

export interface RetentionOptions {
  /** Age from which on an event goes, in ms; 400 days by default. */
  readonly retentionMs?: number;
  /** A consumer that no process has run for so long, in ms, holds nothing back; 30 days by default. */
  readonly abandonedMs?: number;
  /** Events that one transaction looks at. */
  readonly chunk?: number;
  /** Ends the work after the chunk in hand. */
  readonly signal?: AbortSignal;
}

const chunkSchema = z.object({
  read: z.number(),
  old: z.number(),
  deleted: z.number(),
  xid: z.bigint().nullable(),
  event_id: z.bigint().nullable(),
});

/**
 * Deletes the events that are older than the retention and that no living consumer of their type still has before it.
 * Works in short transactions; returns how many events it deleted, and leaves the work to another process where that is
 * at it already.
 */
export async function deleteOldEvents(
  database: Database,
  { retentionMs = 400 * dayMs, abandonedMs = 30 * dayMs, chunk = 2000, signal }: RetentionOptions = {},
): Promise<number> {
  let deleted = 0;
  let after: Position | null = beginning;
  while (after !== null) {
    if (signal?.aborted === true) break;
    const from: Position = after;
    const result = await database.transaction((tx) =>
      deleteChunk(tx, { from, chunk, retentionMs, abandonedMs }),
    );
    deleted += result.deleted;
    after = result.next;
  }
  return deleted;
}

async function deleteChunk(
  tx: Transaction,
  {
    from,
    chunk,
    retentionMs,
    abandonedMs,
  }: { from: Position; chunk: number; retentionMs: number; abandonedMs: number },
): Promise<{ deleted: number; next: Position | null }> {
  const [lease] = await tx.$queryRaw<unknown[]>`SELECT 1 FROM events.retention FOR UPDATE SKIP LOCKED`;
  if (lease === undefined) return { deleted: 0, next: null };
  // Dead letters have the event in them. Ages go by the time of raising, which follows the order but for moments.
  const [row] = await tx.$queryRaw<unknown[]>`
    WITH looked AS MATERIALIZED (
      SELECT id, xid, type, created_at < now() - ${retentionMs}::float8 * interval '1 millisecond' AS is_old
      FROM events.outbox
      WHERE (xid, id) > (${from.xid}, ${from.eventId})
        AND xid < (pg_snapshot_xmin(pg_current_snapshot())::text)::bigint
      ORDER BY xid, id
      LIMIT ${chunk}
    ), living AS MATERIALIZED (
      SELECT xid, event_id, types FROM events.consumer
      WHERE seen_at >= now() - ${abandonedMs}::float8 * interval '1 millisecond'
    ), gone AS (
      -- An array, and no join, goes by the primary key whatever the planner thinks of the sizes.
      DELETE FROM events.outbox WHERE id = ANY (ARRAY (
        SELECT id FROM looked
        WHERE is_old AND NOT EXISTS (
          SELECT 1 FROM living
          WHERE (living.types = '{}' OR looked.type = ANY (living.types))
            AND (looked.xid, looked.id) > (living.xid, living.event_id)
        )
      ))
      RETURNING xid, id
    ), mark AS (
      UPDATE events.retention r SET xid = newest.xid, event_id = newest.id
      FROM (SELECT xid, id FROM gone ORDER BY xid DESC, id DESC LIMIT 1) newest
      WHERE (newest.xid, newest.id) > (r.xid, r.event_id)
    )
    SELECT (SELECT count(*)::int FROM looked) AS read,
      (SELECT count(*)::int FROM looked WHERE is_old) AS old,
      (SELECT count(*)::int FROM gone) AS deleted,
      last.xid, last.id AS event_id
    FROM (SELECT 1) one
    LEFT JOIN (SELECT xid, id FROM looked ORDER BY xid DESC, id DESC LIMIT 1) last ON true`;
  const { read, old, deleted, xid, event_id } = chunkSchema.parse(row);
  const isEnd = read < chunk || old === 0 || xid === null || event_id === null;
  return { deleted, next: isEnd ? null : { xid, eventId: event_id } };
}
