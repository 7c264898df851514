import type { Transaction } from '#platform/database/database.ts';
import { mergeSessions, sessionGapMs, type Session } from './merge-sessions.ts';
import { floorTo, quarterMs } from './window.ts';

/** A moment at which a user was active. */
export interface ActivityPoint {
  readonly userId: string;
  readonly at: Date;
  readonly impressions: number;
  readonly saves: number;
}

/** Lets one writer at a time: a session is read, joined and written again. */
export async function lockActivity(tx: Transaction): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('metrics.activity', 0))`;
}

/** Adds `points` to their users' quarters of an hour, and moves their users' first activity back where it was later. */
export async function storeActivity(tx: Transaction, points: readonly ActivityPoint[]): Promise<void> {
  const quarters = new Map<string, { userId: string; quarter: Date; impressions: number; saves: number }>();
  const firsts = new Map<string, Date>();
  for (const { userId, at, impressions, saves } of points) {
    const quarter = floorTo(quarterMs, at);
    const key = `${quarter.getTime()} ${userId}`;
    const sum = quarters.get(key) ?? { userId, quarter, impressions: 0, saves: 0 };
    sum.impressions += impressions;
    sum.saves += saves;
    quarters.set(key, sum);
    const first = firsts.get(userId);
    if (first === undefined || quarter < first) firsts.set(userId, quarter);
  }
  const rows = [...quarters.values()];
  await tx.$executeRaw`
    INSERT INTO metrics.user_activity AS a (user_id, quarter, impressions, saves)
    SELECT * FROM unnest(
      ${rows.map((row) => row.userId)}::text[],
      ${rows.map((row) => row.quarter)}::timestamptz[],
      ${rows.map((row) => row.impressions)}::int[],
      ${rows.map((row) => row.saves)}::int[])
    ON CONFLICT (user_id, quarter) DO UPDATE
    SET impressions = a.impressions + excluded.impressions, saves = a.saves + excluded.saves
    WHERE excluded.impressions + excluded.saves > 0`;
  await tx.$executeRaw`
    INSERT INTO metrics.user_first_activity AS f (user_id, quarter)
    SELECT * FROM unnest(${[...firsts.keys()]}::text[], ${[...firsts.values()]}::timestamptz[])
    ON CONFLICT (user_id) DO UPDATE SET quarter = excluded.quarter WHERE excluded.quarter < f.quarter`;
}

/** Joins `sessions`, which must be merged among themselves, with the stored ones that they touch. */
export async function storeSessions(tx: Transaction, sessions: readonly Session[]): Promise<void> {
  const touched = await tx.$queryRaw<Session[]>`
    DELETE FROM metrics.user_session s
    USING unnest(
      ${sessions.map((session) => session.userId)}::text[],
      ${sessions.map((session) => new Date(session.startedAt.getTime() - sessionGapMs))}::timestamptz[],
      ${sessions.map((session) => new Date(session.endedAt.getTime() + sessionGapMs))}::timestamptz[]
    ) AS c (user_id, reach_from, reach_to)
    WHERE s.user_id = c.user_id AND s.ended_at >= c.reach_from AND s.started_at <= c.reach_to
    RETURNING s.user_id AS "userId", s.started_at AS "startedAt", s.ended_at AS "endedAt"`;
  const merged = touched.length === 0 ? sessions : mergeSessions([...sessions, ...touched]);
  await tx.$executeRaw`
    INSERT INTO metrics.user_session (user_id, started_at, ended_at)
    SELECT * FROM unnest(
      ${merged.map((session) => session.userId)}::text[],
      ${merged.map((session) => session.startedAt)}::timestamptz[],
      ${merged.map((session) => session.endedAt)}::timestamptz[])`;
}

/** Notes when each user first turned to each vendor, where it is news or earlier than what is stored. */
export async function storeVendors(
  tx: Transaction,
  contacts: readonly { readonly userId: string; readonly vendorId: string; readonly at: Date }[],
): Promise<void> {
  if (contacts.length === 0) return;
  const firsts = new Map<string, { userId: string; vendorId: string; at: Date }>();
  for (const contact of contacts) {
    const key = `${contact.userId}\0${contact.vendorId}`;
    const first = firsts.get(key);
    if (first === undefined || contact.at < first.at) firsts.set(key, contact);
  }
  const rows = [...firsts.values()];
  await tx.$executeRaw`
    INSERT INTO metrics.user_vendor AS v (user_id, vendor_id, first_at)
    SELECT * FROM unnest(
      ${rows.map((row) => row.userId)}::text[],
      ${rows.map((row) => row.vendorId)}::text[],
      ${rows.map((row) => row.at)}::timestamptz[])
    ON CONFLICT (user_id, vendor_id) DO UPDATE SET first_at = excluded.first_at WHERE excluded.first_at < v.first_at`;
}
