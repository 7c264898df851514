import type { Database } from '#platform/database/database.ts';
import type { ForecastCase } from './forecast-world.ts';
import { impressionCases, type CaseWindow, type UserHistory } from './impression-cases.ts';

/** The latest impressions that a forecaster is trained on: their share of all, and at most how many. */
const latestShare = 0.25;
const latestCount = 50_000;

/** Users in one statement. */
const pageSize = 200;

export interface ReadImpressions {
  /** The cases are later than this, in ms since 1970. */
  readonly from: number;
  readonly cases: readonly ForecastCase[];
}

/**
 * Reads the latest impressions, but for those of which it is not known yet what comes of them: what happens `windowMs` ms
 * later or sooner.
 */
export async function readImpressions(
  database: Database,
  { windowMs, signal }: { readonly windowMs: number; readonly signal: AbortSignal | undefined },
): Promise<ReadImpressions | null> {
  const [bounds] = await database.prisma.$queryRaw<{ count: number; until: Date | null }[]>`
    WITH last AS (
      SELECT max(occurred_at) - make_interval(secs => ${windowMs / 1_000}::float8) AS until
      FROM feed.interaction
    )
    SELECT count(*)::int AS count, max(until) AS until FROM feed.interaction i, last
    WHERE i.type = 'IMPRESSION' AND i.occurred_at <= until`;
  if (bounds?.until == null || bounds.count === 0) return null;
  const { count, until } = bounds;
  const share = 1 - Math.min(latestShare, latestCount / count);
  const [cut] = await database.prisma.$queryRaw<{ at: Date }[]>`
    SELECT percentile_disc(${share}::float8) WITHIN GROUP (ORDER BY occurred_at) AS at FROM feed.interaction
    WHERE type = 'IMPRESSION' AND occurred_at <= ${until.toISOString()}::timestamptz`;
  if (cut === undefined) return null;
  const window = { from: cut.at.getTime(), until: until.getTime(), windowMs };
  const cases: ForecastCase[] = [];
  for await (const history of histories(database, window, signal)) {
    cases.push(...impressionCases(history, window));
  }
  return { from: window.from, cases };
}

interface Row {
  readonly userId: string;
  readonly ids: readonly string[];
  readonly types: readonly string[];
  readonly times: readonly number[];
}

async function* histories(
  database: Database,
  { from, until }: Pick<CaseWindow, 'from' | 'until'>,
  signal: AbortSignal | undefined,
): AsyncGenerator<UserHistory> {
  const [first, last] = [from, until].map((time) => new Date(time).toISOString());
  let after = '';
  for (;;) {
    signal?.throwIfAborted();
    const rows = await database.prisma.$queryRaw<Row[]>`
      WITH page AS (
        SELECT user_id FROM feed.interaction
        WHERE user_id > ${after} AND type = 'IMPRESSION'
          AND occurred_at > ${first}::timestamptz AND occurred_at <= ${last}::timestamptz
        GROUP BY user_id ORDER BY user_id LIMIT ${pageSize}
      )
      SELECT i.user_id AS "userId", array_agg(i.content_id ORDER BY i.occurred_at, i.id) AS ids,
        array_agg(i.type ORDER BY i.occurred_at, i.id) AS types,
        array_agg(extract(epoch FROM i.occurred_at)::float8 * 1000 ORDER BY i.occurred_at, i.id) AS times
      FROM feed.interaction i JOIN page USING (user_id)
      WHERE i.type IN ('LIKE', 'SAVE', 'SHARE', 'INQUIRY') OR (
        i.type = 'IMPRESSION' AND i.occurred_at > ${first}::timestamptz AND i.occurred_at <= ${last}::timestamptz)
      GROUP BY i.user_id ORDER BY i.user_id`;
    const lastRow = rows.at(-1);
    if (lastRow === undefined) return;
    after = lastRow.userId;
    const follows = await database.prisma.feedFollow.findMany({
      where: { userId: { in: rows.map(({ userId }) => userId) } },
      orderBy: { followedAt: 'desc' },
    });
    const followsOf = Map.groupBy(follows, ({ userId }) => userId);
    for (const { userId, ids, types, times } of rows) {
      yield {
        userId,
        acts: ids.map((id, place) => ({
          id,
          type: types[place] ?? '',
          at: Math.round(times[place] ?? 0),
        })),
        follows: (followsOf.get(userId) ?? []).map(({ vendorId, followedAt }) => ({
          vendorId,
          at: followedAt.getTime(),
        })),
      };
    }
  }
}
