import { existsSync } from 'node:fs';
import { readConfig, type Config } from '../../platform/config/config.ts';
import { openDatabase } from '../../platform/database/database.ts';
import { migrate, migrationNames, pendingMigrations } from '../../platform/database/migrate.ts';
import { withMigrationPool } from '../../platform/database/migration-pool.ts';
import { createLogger } from '../../platform/logging/logger.ts';
import type pg from 'pg';

export interface MigrationState {
  readonly name: string;
  readonly pending: boolean;
}

/** Applies what the configured database lacks; returns the names that it applied. */
export function applyMigrations(): Promise<string[]> {
  return withDatabase(readConfig(), (pool) => migrate(pool));
}

/** Every migration, oldest first. An embedded database that is not there yet is not made for it. */
export async function listMigrations(): Promise<MigrationState[]> {
  const config = readConfig();
  const absent = config.DATABASE_URL === undefined && !existsSync(config.DATA_DIR);
  const pending = new Set(
    absent ? migrationNames() : await withDatabase(config, (pool) => pendingMigrations(pool)),
  );
  return migrationNames().map((name) => ({ name, pending: pending.has(name) }));
}

async function withDatabase<T>(config: Config, work: (pool: pg.Pool) => Promise<T>): Promise<T> {
  const database = await openDatabase(config, { share: true, logger: createLogger(config.LOG_LEVEL) });
  try {
    return await withMigrationPool(config, database, work);
  } finally {
    await database.close();
  }
}
