import pg from 'pg';
import type { Config } from '../config/config.ts';
import type { Database } from './database.ts';

/**
 * Runs `work` with the connections that migrations need: around the pooler where `DATABASE_DIRECT_URL` names such a
 * way, else the database's own.
 */
export async function withMigrationPool<T>(
  config: Pick<Config, 'DATABASE_URL' | 'DATABASE_DIRECT_URL'>,
  database: Database,
  work: (pool: pg.Pool) => Promise<T>,
): Promise<T> {
  if (config.DATABASE_URL === undefined || config.DATABASE_DIRECT_URL === undefined)
    return work(database.pool);
  const pool = new pg.Pool({ connectionString: config.DATABASE_DIRECT_URL, max: 1 });
  try {
    return await work(pool);
  } finally {
    await pool.end();
  }
}
