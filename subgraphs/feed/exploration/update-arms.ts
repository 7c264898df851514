import type { Transaction } from '#platform/database/database.ts';
import type { EventPayload } from '#platform/events/contracts.ts';

/** When an impression is rewarded, and how fast it is forgotten. */
export interface RewardRules {
  /** A SAVE or INQUIRY at most so long after the impression rewards it, in ms. */
  readonly windowMs: number;
  /** An impression of so long ago counts half, in ms; null: none is forgotten. */
  readonly halfLifeMs: number | null;
}

export const usualRewards: RewardRules = { windowMs: 24 * 3_600_000, halfLifeMs: null };

interface Touched {
  readonly segment: string;
  readonly contentId: string;
}

/**
 * Adds what was recorded to the arms: an impression is a trial in the segment of its slate, once; a SAVE or INQUIRY of the
 * same item by the same user rewards it, once, in whichever order the two are reported. What names no feed, or another
 * user's, counts for no segment. `at` is the time up to which arms are decayed.
 */
export async function updateArms(
  tx: Transaction,
  calls: readonly EventPayload<'interactions.recorded'>[],
  { windowMs, halfLifeMs }: RewardRules,
  at: Date,
): Promise<void> {
  const rows = calls.flatMap(({ userId, interactions }) =>
    interactions.flatMap(({ id, contentId, type }) =>
      type === 'IMPRESSION' || type === 'SAVE' || type === 'INQUIRY' ? [{ userId, id, contentId }] : [],
    ),
  );
  if (rows.length === 0) return;
  const users = rows.map(({ userId }) => userId);
  const trials = await tx.$queryRaw<Touched[]>`
    UPDATE feed.interaction i SET segment = s.segment
    FROM unnest(${users}::text[], ${rows.map(({ id }) => id)}::text[]) AS r (user_id, id), feed.slate s
    WHERE i.user_id = r.user_id AND i.id = r.id AND i.type = 'IMPRESSION' AND i.segment IS NULL
      AND s.feed_id = i.feed_id AND s.subject = i.user_id AND s.segment IS NOT NULL
      AND i.content_id = ANY (s.content_ids)
    RETURNING i.segment, i.content_id AS "contentId"`;
  const successes = await tx.$queryRaw<Touched[]>`
    UPDATE feed.interaction i SET rewarded = true
    FROM (
      SELECT DISTINCT user_id, content_id
      FROM unnest(${users}::text[], ${rows.map(({ contentId }) => contentId)}::text[]) AS r (user_id, content_id)
    ) r
    WHERE i.user_id = r.user_id AND i.content_id = r.content_id AND i.type = 'IMPRESSION'
      AND i.segment IS NOT NULL AND NOT i.rewarded
      AND EXISTS (
        SELECT FROM feed.interaction a
        WHERE a.user_id = i.user_id AND a.content_id = i.content_id AND a.type IN ('SAVE', 'INQUIRY')
          AND a.occurred_at BETWEEN i.occurred_at
            AND i.occurred_at + make_interval(secs => ${windowMs / 1_000}::float8))
    RETURNING i.segment, i.content_id AS "contentId"`;
  await addToArms(tx, sumsOf(trials, successes), halfLifeMs, at);
}

interface Sum extends Touched {
  trials: number;
  successes: number;
}

function sumsOf(trials: readonly Touched[], successes: readonly Touched[]): Sum[] {
  const sums = new Map<string, Sum>();
  const sumOf = ({ segment, contentId }: Touched): Sum => {
    const key = `${segment}\0${contentId}`;
    const sum = sums.get(key) ?? { segment, contentId, trials: 0, successes: 0 };
    sums.set(key, sum);
    return sum;
  };
  for (const touched of trials) sumOf(touched).trials++;
  for (const touched of successes) sumOf(touched).successes++;
  return [...sums.values()];
}

async function addToArms(
  tx: Transaction,
  sums: readonly Sum[],
  halfLifeMs: number | null,
  at: Date,
): Promise<void> {
  if (sums.length === 0) return;
  // Ordered, so that two transactions lock rows in the same order. 2^-1000 is nothing, and PostgreSQL refuses to underflow.
  await tx.$executeRaw`
    INSERT INTO feed.arm AS a (segment, content_id, trials, successes, as_of)
    SELECT s.segment, s.content_id, s.trials, s.successes, ${at.toISOString()}::timestamptz
    FROM unnest(
      ${sums.map(({ segment }) => segment)}::text[],
      ${sums.map(({ contentId }) => contentId)}::text[],
      ${sums.map(({ trials }) => trials)}::float8[],
      ${sums.map(({ successes }) => successes)}::float8[]
    ) AS s (segment, content_id, trials, successes)
    ORDER BY s.segment, s.content_id
    ON CONFLICT (segment, content_id) DO UPDATE SET
      trials = a.trials * feed.left_after(a.as_of, excluded.as_of, ${halfLifeMs}::float8) + excluded.trials,
      successes = a.successes * feed.left_after(a.as_of, excluded.as_of, ${halfLifeMs}::float8) + excluded.successes,
      as_of = greatest(a.as_of, excluded.as_of)`;
}
