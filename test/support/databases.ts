import { randomUUID } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { inject } from 'vitest';
import { openDatabase, type Database, type DatabaseKind } from '../../platform/database/database.ts';
import { createLogger } from '../../platform/logging/logger.ts';
import { scratchFolder } from './scratch-folder.ts';

export interface TestDatabase {
  readonly kind: DatabaseKind;
  /** Opens a fresh, migrated database of this suite's own; closing it removes it. */
  readonly open: () => Promise<Database>;
}

const logger = createLogger('error');

/** A migrated PGlite data folder, a copy of the suite-wide template; the caller removes it. */
export function copyPgliteFolder(): string {
  const folder = mkdtempSync(join(scratchFolder(), 'bq-'));
  cpSync(join(inject('pgliteTemplate'), 'postgres'), join(folder, 'postgres'), { recursive: true });
  return folder;
}

/** Creates an empty, migrated PostgreSQL database and returns its URL and how to drop it. */
export async function createPostgresDatabase(): Promise<{ url: string; drop: () => Promise<void> }> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const servers = inject('postgresUrls');
  // Counts from 1 on.
  const server = servers[(Number(process.env['VITEST_POOL_ID'] ?? 1) - 1) % servers.length];
  const run = async (statement: string): Promise<void> => {
    const client = new pg.Client({ connectionString: `${server}/postgres` });
    await client.connect();
    try {
      await client.query(statement);
    } finally {
      await client.end();
    }
  };
  await run(`CREATE DATABASE ${name} TEMPLATE bouquet_template`);
  return { url: `${server}/${name}`, drop: () => run(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

async function openPglite(): Promise<Database> {
  const folder = copyPgliteFolder();
  const database = await openDatabase(
    { DATABASE_URL: undefined, DATABASE_POOL_SIZE: 4, DATA_DIR: folder },
    { logger },
  );
  return {
    ...database,
    close: async () => {
      await database.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function openPostgres(): Promise<Database> {
  const { url, drop } = await createPostgresDatabase();
  const database = await openDatabase({ DATABASE_URL: url, DATABASE_POOL_SIZE: 4, DATA_DIR: '' }, { logger });
  return {
    ...database,
    close: async () => {
      await database.close();
      await drop();
    },
  };
}

/** Every database that a repository suite runs on: `describe.each(databases)('… on $kind', …)`. */
export const databases: readonly TestDatabase[] = [
  { kind: 'pglite', open: openPglite },
  { kind: 'postgresql', open: openPostgres },
];
