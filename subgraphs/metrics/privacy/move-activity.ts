import type { Transaction } from '#platform/database/database.ts';
import { lockActivity, storeSessions } from '../activity-store.ts';
import type { Session } from '../merge-sessions.ts';
import { lockNps, periodMs } from '../nps.ts';

/**
 * Moves what is counted of `from` to `to`: counts of a quarter of an hour add up, the earlier of two first times stays,
 * sessions that touch are joined. An NPS answer within 90 days of one that `to` gave is dropped.
 */
export async function moveActivity(tx: Transaction, from: string, to: string): Promise<void> {
  await lockActivity(tx);
  await tx.$executeRaw`
    WITH moved AS (DELETE FROM metrics.user_activity WHERE user_id = ${from} RETURNING quarter, impressions, saves)
    INSERT INTO metrics.user_activity AS a (user_id, quarter, impressions, saves)
    SELECT ${to}, quarter, impressions, saves FROM moved
    ON CONFLICT (user_id, quarter) DO UPDATE
    SET impressions = a.impressions + excluded.impressions, saves = a.saves + excluded.saves`;
  await tx.$executeRaw`
    WITH moved AS (DELETE FROM metrics.user_first_activity WHERE user_id = ${from} RETURNING quarter)
    INSERT INTO metrics.user_first_activity AS f (user_id, quarter) SELECT ${to}, quarter FROM moved
    ON CONFLICT (user_id) DO UPDATE SET quarter = excluded.quarter WHERE excluded.quarter < f.quarter`;
  await tx.$executeRaw`
    WITH moved AS (DELETE FROM metrics.user_vendor WHERE user_id = ${from} RETURNING vendor_id, first_at)
    INSERT INTO metrics.user_vendor AS v (user_id, vendor_id, first_at) SELECT ${to}, vendor_id, first_at FROM moved
    ON CONFLICT (user_id, vendor_id) DO UPDATE SET first_at = excluded.first_at WHERE excluded.first_at < v.first_at`;
  const sessions = await tx.$queryRaw<Session[]>`
    DELETE FROM metrics.user_session WHERE user_id = ${from}
    RETURNING ${to}::text AS "userId", started_at AS "startedAt", ended_at AS "endedAt"`;
  if (sessions.length > 0) await storeSessions(tx, sessions);
  await moveNps(tx, from, to);
}

async function moveNps(tx: Transaction, from: string, to: string): Promise<void> {
  for (const subject of [from, to].toSorted()) await lockNps(tx, subject);
  await tx.$executeRaw`
    WITH moved AS (
      DELETE FROM metrics.nps_response WHERE user_id = ${from}
      RETURNING period_started_at, answered_at, score, comment
    )
    INSERT INTO metrics.nps_response (user_id, period_started_at, answered_at, score, comment)
    SELECT ${to}, period_started_at, answered_at, score, comment FROM moved
    WHERE NOT EXISTS (
      SELECT 1 FROM metrics.nps_response own
      WHERE own.user_id = ${to}
        AND own.period_started_at > moved.period_started_at - ${periodMs}::float8 * interval '1 millisecond'
        AND own.period_started_at < moved.period_started_at + ${periodMs}::float8 * interval '1 millisecond'
    )`;
}
