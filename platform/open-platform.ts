import { setTimeout as sleep } from 'node:timers/promises';
import { hasCopies } from './cache/copy-folder.ts';
import { RedisConnection } from './cache/redis-client.ts';
import { readConfig, type Config } from './config/config.ts';
import { cursorSigningKeys } from './config/local-keys.ts';
import { openDatabase, type Database } from './database/database.ts';
import { migrate } from './database/migrate.ts';
import { withMigrationPool } from './database/migration-pool.ts';
import { isUnreachable } from './errors/unreachable.ts';
import { CursorCodec } from './graphql/cursor-codec.ts';
import type { Platform } from './graphql/subgraph.ts';
import { createLogger } from './logging/logger.ts';
import { poll } from './resilience/poll.ts';
import { Telemetry } from './telemetry/telemetry.ts';

export interface OpenPlatform extends Platform {
  readonly config: Config;
  /** The connection to Redis; null where none is configured. */
  readonly redis: RedisConnection | null;
  /** Whether the database has been reached and brought up to date. */
  isUpToDate(): boolean;
  /** Whether it is up to date and answers within a second. */
  ready(): Promise<boolean>;
  close(): Promise<void>;
}

/** Milliseconds between two tries to reach a database that is away, give or take a tenth. */
const migrationRetryMs = 1_000;

export interface PlatformOptions {
  readonly config?: Config;
  /** Reaches an embedded database through the process that holds it. */
  readonly share?: boolean;
  /** The database is up to date already. */
  readonly migrated?: boolean;
  /** Goes on where PostgreSQL cannot be reached and what trends is on the disk, and brings it up to date once it can. */
  readonly mayBeAway?: boolean;
}

/** Opens what every process shares and brings the database up to date. */
export async function openPlatform({
  config = readConfig(),
  share = false,
  migrated = false,
  mayBeAway = false,
}: PlatformOptions = {}): Promise<OpenPlatform> {
  const logger = createLogger(config.LOG_LEVEL);
  const database = await openDatabase(config, { share, logger });
  const bringUpToDate = async (): Promise<void> => {
    await withMigrationPool(config, database, (pool) => migrate(pool));
  };
  let isUpToDate = migrated;
  let stopTrying = (): void => undefined;
  try {
    if (!isUpToDate) await bringUpToDate();
    isUpToDate = true;
  } catch (error) {
    if (!mayBeAway || !isUnreachable(error) || !hasCopies(config)) {
      await database.close();
      throw error;
    }
    logger.warn({ err: error }, 'the database cannot be reached; what trends is served from the disk');
    stopTrying = poll(migrationRetryMs, async () => {
      try {
        await bringUpToDate();
        isUpToDate = true;
        stopTrying();
        logger.info('the database is reached');
      } catch (again) {
        if (!isUnreachable(again)) logger.error({ err: again }, 'the database was not brought up to date');
      }
    });
  }
  const redis = config.REDIS_URL === undefined ? null : new RedisConnection(config.REDIS_URL, logger);
  return {
    config,
    redis,
    database,
    logger,
    telemetry: new Telemetry(),
    cursors: new CursorCodec(cursorSigningKeys(config)),
    isUpToDate: () => isUpToDate,
    ready: async () => isUpToDate && (await answersWithin(database, 1000)),
    close: () => {
      stopTrying();
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
