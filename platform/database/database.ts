import { EventEmitter } from 'node:events';
import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import type { Config } from '../config/config.ts';
import type { Logger } from '../logging/logger.ts';
import { Prisma, PrismaClient } from './generated/client.ts';
import { startPglite, type EmbeddedPostgres } from './pglite.ts';
import { QueryTimer } from './query-timer.ts';

/** A Prisma client inside a transaction; raw SQL by its `$queryRaw` and `$executeRaw` tagged templates. */
export type Transaction = Prisma.TransactionClient;

export type DatabaseKind = 'pglite' | 'postgresql';

/** One process's way to PostgreSQL, embedded or not. */
export interface Database {
  readonly kind: DatabaseKind;
  readonly prisma: PrismaClient;
  readonly pool: pg.Pool;
  /** Emits `event` with the types after a transaction that appended to the outbox has committed; null stands for any. */
  readonly commits: EventEmitter<{ event: [types: readonly string[] | null] }>;
  readonly timer: QueryTimer;
  /**
   * Rows straight from the driver, outside of transactions, for what every feed reads: Prisma's `$queryRaw` converts each
   * value once more. They are as `pg` gives them: timestamptz a Date, float8 a number, bytea a Buffer, int8 and numeric a
   * string. Takes parameters and `Prisma.sql` in the places of the template.
   */
  read<T extends object>(
    statement: TemplateStringsArray,
    ...values: readonly unknown[]
  ): Promise<readonly T[]>;
  /** Runs `work` in one transaction of at most 10 s; rolls back when it throws. */
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export interface OpenOptions {
  /** Reach an embedded database through the process that holds its folder, instead of refusing. */
  readonly share?: boolean;
  readonly logger: Logger;
}

/**
 * Opens the database that `config` names: PostgreSQL by `DATABASE_URL`, else PGlite in `DATA_DIR`.
 * @throws FolderLockedError when another process holds the folder and `share` is not set.
 */
export async function openDatabase(
  config: Pick<Config, 'DATABASE_URL' | 'DATABASE_POOL_SIZE' | 'DATA_DIR'>,
  { share = false, logger }: OpenOptions,
): Promise<Database> {
  const embedded = config.DATABASE_URL === undefined ? await startPglite(config.DATA_DIR, { share }) : null;
  const pool = new pg.Pool({
    ...connectionOf(config, embedded),
    max: config.DATABASE_POOL_SIZE,
    idleTimeoutMillis: 30_000,
    connectionTimeoutMillis: 10_000,
    application_name: 'bouquet',
    // Prisma sends and reads times without their offset: on a server of another zone they would be shifted.
    // oxlint-disable-next-line typescript/no-misused-promises -- the pool waits for it, which its types do not say.
    onConnect: (client) => client.query("SET TIME ZONE 'UTC'"),
  });
  pool.on('error', (error) => logger.warn({ err: error }, 'an idle database connection was lost'));
  const timer = new QueryTimer(pool);
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool) });
  const commits: Database['commits'] = new EventEmitter();
  // Several runners listen in a suite, and there may be more than the ten at which Node suspects a leak.
  commits.setMaxListeners(0);
  return {
    kind: embedded === null ? 'postgresql' : 'pglite',
    prisma,
    pool,
    commits,
    timer,
    read: async <T extends object>(statement: TemplateStringsArray, ...parts: readonly unknown[]) => {
      const { text, values } = Prisma.sql(statement, ...parts);
      const { rows } = await pool.query<T>({ text, values });
      return rows;
    },
    transaction: (work) => prisma.$transaction(work, { maxWait: 10_000, timeout: 10_000 }),
    close: async () => {
      await prisma.$disconnect();
      if (!pool.ended) await pool.end();
      await embedded?.close();
    },
  };
}

function connectionOf(
  config: Pick<Config, 'DATABASE_URL'>,
  embedded: EmbeddedPostgres | null,
): pg.PoolConfig {
  if (embedded === null) {
    return config.DATABASE_URL === undefined ? {} : { connectionString: config.DATABASE_URL };
  }
  return { host: embedded.socketFolder, port: 5432, user: 'postgres', database: 'postgres', ssl: false };
}
