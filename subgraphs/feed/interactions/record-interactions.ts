import type { Database, Transaction } from '#platform/database/database.ts';
import { badUserInput, type ErrorCode } from '#platform/errors/request-error.ts';
import { appendEvent, inTransactionWithEvents } from '#platform/events/outbox.ts';
import { lockSubjects } from '../privacy/subject-lock.ts';
import { checkInteraction, type ReportedInteraction } from './check-interaction.ts';

export interface RecordedInteractions {
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: readonly RejectedInteraction[];
}

export interface RejectedInteraction {
  readonly id: string;
  readonly code: ErrorCode;
  readonly message: string;
}

const batchLimit = 500;

/**
 * Stores what `userId` did and raises `interactions.recorded`, in one transaction, before it answers. What is
 * known already counts as a duplicate; what is wrong is rejected and costs nothing else. Where there is a `boundVendor`, items
 * of others are unknown.
 * @throws RequestError `BAD_USER_INPUT` for more than 500 interactions.
 */
export async function recordInteractions(
  database: Database,
  userId: string,
  reported: readonly ReportedInteraction[],
  { now, boundVendor }: { readonly now: Date; readonly boundVendor: string | null },
): Promise<RecordedInteractions> {
  if (reported.length > batchLimit) {
    throw badUserInput(
      `At most ${batchLimit} interactions may be sent at once; these are ${reported.length}.`,
    );
  }
  const rejected: RejectedInteraction[] = [];
  const distinct = new Map<string, ReportedInteraction>();
  let duplicates = 0;
  for (const interaction of reported) {
    const problem = checkInteraction(interaction, now);
    if (problem !== null) {
      rejected.push({ id: interaction.id.slice(0, 128), code: 'BAD_USER_INPUT', message: problem });
    } else if (distinct.has(interaction.id)) {
      duplicates++;
    } else {
      distinct.set(interaction.id, interaction);
    }
  }
  if (distinct.size === 0) return { accepted: 0, duplicates, rejected };
  const outcomes = await inTransactionWithEvents(database, async (tx) => {
    await lockSubjects(tx, 'shared', [userId]);
    return store(tx, userId, distinct, boundVendor);
  });
  const accepted = outcomes.filter(({ stored }) => stored).length;
  for (const { id, known, stored, repeated } of outcomes) {
    if (stored) continue;
    if (known || repeated) {
      duplicates++;
    } else {
      const contentId = distinct.get(id)?.contentId;
      rejected.push({ id, code: 'NOT_FOUND', message: `There is no content ${contentId}.` });
    }
  }
  return { accepted, duplicates, rejected };
}

interface Outcome {
  readonly id: string;
  /** Whether the catalogue has the item. */
  readonly known: boolean;
  /** Whether an earlier call stored this interaction; its item may have been removed since. */
  readonly repeated: boolean;
  readonly stored: boolean;
  readonly vendorId: string | null;
}

async function store(
  tx: Transaction,
  userId: string,
  interactions: ReadonlyMap<string, ReportedInteraction>,
  boundVendor: string | null,
): Promise<Outcome[]> {
  const rows = [...interactions.values()];
  const outcomes = await tx.$queryRaw<Outcome[]>`
    WITH reported AS (
      SELECT r.*, c.vendor_id
      FROM unnest(
        ${rows.map(({ id }) => id)}::text[],
        ${rows.map(({ contentId }) => contentId)}::text[],
        ${rows.map(({ type }) => type)}::text[],
        ${rows.map(({ occurredAt }) => occurredAt.toISOString())}::timestamptz[],
        ${rows.map(({ feedId }) => feedId)}::uuid[],
        ${rows.map(({ position }) => position)}::int[],
        ${rows.map(({ dwellMs }) => dwellMs)}::int[]
      ) AS r (id, content_id, type, occurred_at, feed_id, position, dwell_ms)
      LEFT JOIN feed.content c ON c.id = r.content_id AND c.removed_at IS NULL
        AND (${boundVendor}::text IS NULL OR c.vendor_id = ${boundVendor}::text)
    ), stored AS (
      INSERT INTO feed.interaction
        (user_id, id, content_id, vendor_id, type, occurred_at, feed_id, position, dwell_ms)
      SELECT ${userId}, id, content_id, vendor_id, type, occurred_at, feed_id, position, dwell_ms
      FROM reported WHERE vendor_id IS NOT NULL
      ORDER BY id
      ON CONFLICT DO NOTHING
      RETURNING id
    )
    SELECT r.id, r.vendor_id AS "vendorId", r.vendor_id IS NOT NULL AS known, s.id IS NOT NULL AS stored,
      EXISTS (SELECT FROM feed.interaction i WHERE i.user_id = ${userId} AND i.id = r.id) AS repeated
    FROM reported r LEFT JOIN stored s ON s.id = r.id`;
  const recorded = outcomes.flatMap(({ id, stored, vendorId }) => {
    const interaction = interactions.get(id);
    if (!stored || vendorId === null || interaction === undefined) return [];
    const { contentId, type, occurredAt } = interaction;
    return [{ id, contentId, vendorId, type, occurredAt: occurredAt.toISOString() }];
  });
  if (recorded.length > 0) await appendEvent(tx, 'interactions.recorded', { userId, interactions: recorded });
  return outcomes;
}
