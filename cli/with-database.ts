import { existsSync } from 'node:fs';
import { readConfig, type Config } from '#platform/config/config.ts';
import { openDatabase, type Database } from '#platform/database/database.ts';
import { pendingMigrations } from '#platform/database/migrate.ts';
import { openPlatform } from '#platform/open-platform.ts';
import { createLogger } from '#platform/logging/logger.ts';

/** Does `work` on the configured database, brought up to date. */
export async function withDatabase<T>(work: (database: Database) => Promise<T>): Promise<T> {
  const platform = await openPlatform({ share: true });
  try {
    return await work(platform.database);
  } finally {
    await platform.close();
  }
}

/**
 * Does `work` on the configured database as it is. Null where there is none yet or where it lacks migrations: to look is
 * no reason to change it.
 */
export async function withDatabaseAsItIs<T>(work: (database: Database) => Promise<T>): Promise<T | null> {
  const config: Config = readConfig();
  if (config.DATABASE_URL === undefined && !existsSync(config.DATA_DIR)) return null;
  const database = await openDatabase(config, { share: true, logger: createLogger(config.LOG_LEVEL) });
  try {
    return (await pendingMigrations(database.pool)).length > 0 ? null : await work(database);
  } finally {
    await database.close();
  }
}
