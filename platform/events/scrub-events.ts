import { z } from 'zod';
import type { Transaction } from '../database/database.ts';

const hourMs = 3_600_000;

/** Whose traces in the events go, and up to which event: later ones are a new history. */
export interface ScrubTarget {
  /** A user id, or `anonymous:` and a UUID. */
  readonly subject: string;
  readonly upTo: bigint;
}

export interface ScrubOptions {
  /** Events of a kind that one call changes at most. */
  readonly chunk?: number;
  /**
   * A consumer that no process has run for so long, in ms, holds nothing back; 12 hours by default, so that an erasure is
   * complete within a day.
   */
  readonly abandonedMs?: number;
}

const countsSchema = z.object({ scrubbed: z.number(), waiting: z.boolean() });

/**
 * Takes `subject` out of the outbox: what it did is deleted, pages that it was served lose its id, and so does the event
 * that told of its erasure. An event that a living consumer of its type still has before it is left. Returns how many
 * events it changed, and whether some are left, for now; call it again until neither.
 */
export async function scrubEvents(
  tx: Transaction,
  { subject, upTo }: ScrubTarget,
  { chunk = 1000, abandonedMs = 12 * hourMs }: ScrubOptions = {},
): Promise<{ scrubbed: number; waiting: boolean }> {
  const [row] = await tx.$queryRaw<unknown[]>`
    WITH living AS MATERIALIZED (
      SELECT xid, event_id, types FROM events.consumer
      WHERE seen_at >= now() - ${abandonedMs}::float8 * interval '1 millisecond'
    ), named AS MATERIALIZED (
      SELECT o.id, o.type, EXISTS (
        SELECT 1 FROM living
        WHERE (living.types = '{}' OR o.type = ANY (living.types)) AND (o.xid, o.id) > (living.xid, living.event_id)
      ) AS is_needed
      FROM (
        SELECT id, xid, type FROM events.outbox WHERE payload ->> 'userId' = ${subject}
        UNION ALL
        SELECT id, xid, type FROM events.outbox
        WHERE type = 'user.linked' AND payload ->> 'anonymousSubject' = ${subject}
        UNION ALL
        SELECT id, xid, type FROM events.outbox
        WHERE type = 'feed.served'
          AND jsonb_path_query_array(payload, '$.pages[*].userId') @> jsonb_build_array(${subject}::text)
      ) o
      WHERE o.id <= ${upTo}
    ), passed AS MATERIALIZED (
      SELECT id, type FROM named WHERE NOT is_needed ORDER BY id LIMIT ${chunk}
    ), deleted AS (
      -- An array, and no join, goes by the primary key whatever the planner thinks of the sizes.
      DELETE FROM events.outbox
      WHERE id = ANY (ARRAY (SELECT id FROM passed WHERE type NOT IN ('feed.served', 'user.erased')))
      RETURNING id
    ), unnamed AS (
      UPDATE events.outbox SET payload = jsonb_set(payload, '{userId}', 'null')
      WHERE id = ANY (ARRAY (SELECT id FROM passed WHERE type = 'user.erased'))
      RETURNING id
    ), unread AS (
      UPDATE events.outbox SET payload = jsonb_set(payload, '{pages}', (
        SELECT jsonb_agg(
          CASE WHEN page ->> 'userId' = ${subject} THEN jsonb_set(page, '{userId}', 'null') ELSE page END ORDER BY n
        )
        FROM jsonb_array_elements(payload -> 'pages') WITH ORDINALITY AS served (page, n)
      ))
      WHERE id = ANY (ARRAY (SELECT id FROM passed WHERE type = 'feed.served'))
      RETURNING id
    )
    SELECT (SELECT count(*)::int FROM deleted) + (SELECT count(*)::int FROM unnamed)
        + (SELECT count(*)::int FROM unread) AS scrubbed,
      EXISTS (SELECT 1 FROM named WHERE is_needed) AS waiting`;
  return countsSchema.parse(row);
}

/** The anonymous histories that were moved to `subject`, each up to the event that told of it. */
export async function linkedTargets(tx: Transaction, { subject, upTo }: ScrubTarget): Promise<ScrubTarget[]> {
  const rows = await tx.$queryRaw<unknown[]>`
    SELECT payload ->> 'anonymousSubject' AS subject, max(id) AS "upTo" FROM events.outbox
    WHERE payload ->> 'userId' = ${subject} AND type = 'user.linked' AND id <= ${upTo}
    GROUP BY 1`;
  return z.array(z.object({ subject: z.string(), upTo: z.bigint() })).parse(rows);
}

/**
 * Takes `subject` out of the dead letters, of `consumer` or of all: one that is put back later cannot bring anything back.
 * The events are gone or scrubbed as in the outbox.
 */
export async function scrubDeadLetters(
  tx: Transaction,
  { subject, upTo }: ScrubTarget,
  consumer: string | null = null,
): Promise<void> {
  await tx.$executeRaw`
    DELETE FROM events.dead_letter
    WHERE event_id <= ${upTo} AND (${consumer}::text IS NULL OR consumer = ${consumer}::text)
      AND (payload ->> 'userId' = ${subject} OR payload ->> 'anonymousSubject' = ${subject})`;
  await tx.$executeRaw`
    UPDATE events.dead_letter SET payload = jsonb_set(payload, '{pages}', (
      SELECT jsonb_agg(
        CASE WHEN page ->> 'userId' = ${subject} THEN jsonb_set(page, '{userId}', 'null') ELSE page END ORDER BY n
      )
      FROM jsonb_array_elements(payload -> 'pages') WITH ORDINALITY AS served (page, n)
    ))
    WHERE event_id <= ${upTo} AND (${consumer}::text IS NULL OR consumer = ${consumer}::text)
      AND type = 'feed.served'
      AND jsonb_path_query_array(payload, '$.pages[*].userId') @> jsonb_build_array(${subject}::text)`;
}
