import type { Database } from '#platform/database/database.ts';

/** Something that a user liked, saved, shared or asked about, when they last did. */
export interface UserChoice {
  readonly id: string;
  readonly at: Date;
}

/** Users in one statement. */
const pageSize = 500;

interface Row {
  readonly userId: string;
  readonly ids: readonly string[];
  /** In ms since 1970. */
  readonly times: readonly number[];
}

/** Reads what each user chose, the latest first and `limit` at most, some hundreds of users at a time. */
export async function* userChoices(
  database: Database,
  { limit, signal }: { limit: number; signal: AbortSignal | undefined },
): AsyncGenerator<readonly { readonly userId: string; readonly choices: readonly UserChoice[] }[]> {
  let after = '';
  for (;;) {
    signal?.throwIfAborted();
    const rows = await database.prisma.$queryRaw<Row[]>`
      WITH page AS (
        SELECT user_id FROM feed.interaction
        WHERE user_id > ${after} AND type IN ('LIKE', 'SAVE', 'SHARE', 'INQUIRY')
        GROUP BY user_id ORDER BY user_id LIMIT ${pageSize}
      ), choice AS (
        SELECT i.user_id, i.content_id AS id, max(i.occurred_at) AS at
        FROM feed.interaction i JOIN page USING (user_id)
        WHERE i.type IN ('LIKE', 'SAVE', 'SHARE', 'INQUIRY')
        GROUP BY i.user_id, i.content_id
      )
      SELECT user_id AS "userId", (array_agg(id ORDER BY at DESC, id))[1:${limit}::int] AS ids,
        (array_agg(extract(epoch FROM at)::float8 * 1000 ORDER BY at DESC, id))[1:${limit}::int] AS times
      FROM choice GROUP BY user_id ORDER BY user_id`;
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.userId;
    yield rows.map(({ userId, ids, times }) => ({
      userId,
      choices: ids.map((id, place) => ({ id, at: new Date(Math.round(times[place] ?? 0)) })),
    }));
  }
}
