import type { Database } from '#platform/database/database.ts';
import { floorTo, quarterMs, type Span } from './window.ts';

/** Users with activity in `span`, which begins with a quarter of an hour. */
export async function countActiveUsers({ prisma }: Database, { from, to }: Span): Promise<number> {
  const [row] = await prisma.$queryRaw<{ users: number }[]>`
    SELECT count(DISTINCT user_id)::int AS users FROM metrics.user_activity
    WHERE quarter >= ${from}::timestamptz AND quarter < ${to}::timestamptz`;
  return row?.users ?? 0;
}

/** Sessions that began in `span`, and their median length in seconds; null without any. */
export async function measureSessions(
  { prisma }: Database,
  { from, to }: Span,
): Promise<{ sessions: number; medianSeconds: number | null }> {
  const [row] = await prisma.$queryRaw<{ sessions: number; medianSeconds: number | null }[]>`
    SELECT count(*)::int AS sessions,
      (percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM ended_at - started_at)))::float8
        AS "medianSeconds"
    FROM metrics.user_session
    WHERE started_at >= ${from}::timestamptz AND started_at < ${to}::timestamptz`;
  return row ?? { sessions: 0, medianSeconds: null };
}

/**
 * The share of users who were active on a later day, of those whose first day of activity lies `daysAfter` days before
 * it; over the last `days` complete days. Null without such users.
 * @param dayStarts begins of consecutive days, oldest first; the last is today's, `days + daysAfter` come before it.
 */
export async function measureRetention(
  { prisma }: Database,
  dayStarts: readonly Date[],
  { days, daysAfter }: { readonly days: number; readonly daysAfter: number },
): Promise<number | null> {
  const returnDays = dayStarts.slice(-days - 1);
  const cohortDays = dayStarts.slice(-days - daysAfter - 1, dayStarts.length - daysAfter);
  const [row] = await prisma.$queryRaw<{ cohort: number; returned: number }[]>`
    SELECT count(*)::int AS cohort,
      count(*) FILTER (WHERE EXISTS (
        SELECT 1 FROM metrics.user_activity a
        WHERE a.user_id = f.user_id AND a.quarter >= d.return_from AND a.quarter < d.return_to
      ))::int AS returned
    FROM unnest(
      ${cohortDays.slice(0, -1)}::timestamptz[], ${cohortDays.slice(1)}::timestamptz[],
      ${returnDays.slice(0, -1)}::timestamptz[], ${returnDays.slice(1)}::timestamptz[]
    ) AS d (cohort_from, cohort_to, return_from, return_to)
    JOIN metrics.user_first_activity f ON f.quarter >= d.cohort_from AND f.quarter < d.cohort_to`;
  return row === undefined ? null : share(row.returned, row.cohort);
}

/** Saves over impressions in `span`, counted from the quarter of an hour in which it begins; null without impressions. */
export async function measureSaveRate({ prisma }: Database, { from, to }: Span): Promise<number | null> {
  const [row] = await prisma.$queryRaw<{ saves: number; impressions: number }[]>`
    SELECT coalesce(sum(saves), 0)::float8 AS saves, coalesce(sum(impressions), 0)::float8 AS impressions
    FROM metrics.user_activity
    WHERE quarter >= ${floorTo(quarterMs, from)}::timestamptz AND quarter < ${to}::timestamptz`;
  return row === undefined ? null : share(row.saves, row.impressions);
}

/**
 * The share of users active in `span`, counted from the quarter of an hour in which it begins, who turned to some
 * vendor for the first time in it; null without active users.
 */
export async function measureVendorDiscovery(
  { prisma }: Database,
  { from, to }: Span,
): Promise<number | null> {
  const start = floorTo(quarterMs, from);
  const [row] = await prisma.$queryRaw<{ active: number; discovered: number }[]>`
    SELECT count(*)::int AS active, count(discoverer.user_id)::int AS discovered
    FROM (
      SELECT DISTINCT user_id FROM metrics.user_activity
      WHERE quarter >= ${start}::timestamptz AND quarter < ${to}::timestamptz
    ) active
    LEFT JOIN (
      SELECT DISTINCT user_id FROM metrics.user_vendor
      WHERE first_at >= ${start}::timestamptz AND first_at < ${to}::timestamptz
    ) discoverer ON discoverer.user_id = active.user_id`;
  return row === undefined ? null : share(row.discovered, row.active);
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
