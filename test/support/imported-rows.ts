import type { Database } from '../../platform/database/database.ts';

/** Empties every table but the one that a migration fills. */
export async function emptyTables(database: Database): Promise<void> {
  const { rows } = await database.pool.query<{ name: string }>(
    `SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables
     WHERE table_schema IN ('content', 'feed', 'metrics', 'imports', 'events') AND table_type = 'BASE TABLE'
       AND table_name <> 'model_version'`,
  );
  await database.pool.query(`TRUNCATE ${rows.map(({ name }) => name).join(', ')} CASCADE`);
}

/** What an import changes that should not depend on how often, or in how many goes, it ran. */
export async function importedRows(
  database: Database,
): Promise<{ contents: unknown[]; interactions: number; saves: number; other: unknown }> {
  const one = async (sql: string): Promise<unknown[]> =>
    (await database.pool.query<Record<string, unknown>>(sql)).rows;
  const [counts] = await database.prisma.$queryRaw<{ interactions: number; saves: number }[]>`
    SELECT (SELECT count(*)::int FROM feed.interaction) AS interactions,
      (SELECT coalesce(sum(saves), 0)::int FROM content.content_stats) AS saves`;
  return {
    contents: await one('SELECT id, title, description, tags FROM content.content ORDER BY id'),
    interactions: counts?.interactions ?? 0,
    saves: counts?.saves ?? 0,
    other: {
      vendors: await one(
        'SELECT id, name, region, description, website_url, version FROM content.vendor ORDER BY id',
      ),
      versions: await one('SELECT id, version, region, category FROM content.content ORDER BY id'),
      projected: await one(
        'SELECT id, vendor_id, title, description, region, tags, version FROM feed.content ORDER BY id',
      ),
      popular: await one(
        'SELECT content_id, round(log2_weight::numeric, 6)::text AS weight FROM feed.popularity ORDER BY 1',
      ),
      stats: await one(
        'SELECT content_id, views, saves, round(trend::numeric, 6)::text AS trend FROM content.content_stats ORDER BY 1',
      ),
      recorded: await one(
        'SELECT user_id, id, content_id, vendor_id, type, occurred_at FROM feed.interaction ORDER BY 1, 2',
      ),
      neighbours: await one(
        'SELECT part, content_ids, vendor_ids, neighbours, scores FROM feed.item_neighbours WHERE version = (SELECT max(version) FROM feed.item_neighbours) ORDER BY part',
      ),
    },
  };
}

/** What each finished import said it stored. */
export async function completedImports(database: Database): Promise<unknown[]> {
  const { rows } = await database.pool.query<{ payload: Record<string, unknown> }>(
    `SELECT payload - 'importId' AS payload FROM events.outbox WHERE type = 'import.completed' ORDER BY id`,
  );
  return rows.map(({ payload }) => payload);
}
