import { setTimeout as sleep } from 'node:timers/promises';
import { RedisConnection } from './cache/redis-client.ts';
import { readConfig, type Config } from './config/config.ts';
import { cursorSigningKeys } from './config/local-keys.ts';
import { openDatabase, type Database } from './database/database.ts';
import { migrate } from './database/migrate.ts';
import { withMigrationPool } from './database/migration-pool.ts';
import { CursorCodec } from './graphql/cursor-codec.ts';
import type { Platform } from './graphql/subgraph.ts';
import { createLogger } from './logging/logger.ts';
import { Telemetry } from './telemetry/telemetry.ts';

export interface OpenPlatform extends Platform {
  readonly config: Config;
  /** The connection to Redis; null where none is configured. */
  readonly redis: RedisConnection | null;
  /** Whether the database answers within a second. */
  ready(): Promise<boolean>;
  close(): Promise<void>;
}

/**
 * Opens what every process shares and brings the database up to date.
 * `share` reaches an embedded database through the process that holds it; with `migrated` it is up to date already.
 */
export async function openPlatform({
  config = readConfig(),
  share = false,
  migrated = false,
}: { config?: Config; share?: boolean; migrated?: boolean } = {}): Promise<OpenPlatform> {
  const logger = createLogger(config.LOG_LEVEL);
  const database = await openDatabase(config, { share, logger });
  try {
    if (!migrated) await withMigrationPool(config, database, (pool) => migrate(pool));
  } catch (error) {
    await database.close();
    throw error;
  }
  const redis = config.REDIS_URL === undefined ? null : new RedisConnection(config.REDIS_URL, logger);
  return {
    config,
    redis,
    database,
    logger,
    telemetry: new Telemetry(),
    cursors: new CursorCodec(cursorSigningKeys(config)),
    ready: () => answersWithin(database, 1000),
    close: () => {
      redis?.close();
      return database.close();
    },
  };
}

async function answersWithin(database: Database, ms: number): Promise<boolean> {
  const answered = database.pool.query('SELECT 1').then(
    () => true,
    () => false,
  );
  return Promise.race([answered, sleep(ms, false, { ref: false })]);
}
