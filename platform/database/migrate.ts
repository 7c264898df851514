import { createHash, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';

/** The repository's migrations, oldest first by name. */
const migrationsFolder = join(import.meta.dirname, '../../prisma/migrations');

interface Migration {
  readonly name: string;
  readonly sql: string;
  /** sha256 of the file, as Prisma keeps it. */
  readonly checksum: string;
}

/** An applied migration whose file has changed since; the database is left as it is. */
export class MigrationChangedError extends Error {
  constructor(name: string) {
    super(
      `Migration ${name} was changed after it had been applied. Restore the file and add a new migration.`,
    );
    this.name = 'MigrationChangedError';
  }
}

/**
 * Applies the migrations that the database lacks, each in a transaction of its own, under an advisory lock, so
 * that two processes may do it at once. The history is Prisma's own table. Returns the names it applied.
 * @throws MigrationChangedError when an applied file has another checksum.
 */
export async function migrate(pool: pg.Pool, folder = migrationsFolder): Promise<string[]> {
  const applied: string[] = [];
  for (const migration of readMigrations(folder)) {
    if (await applyOnce(pool, migration)) applied.push(migration.name);
  }
  return applied;
}

/** Names of the migrations that `migrate` would apply. */
export async function pendingMigrations(pool: pg.Pool, folder = migrationsFolder): Promise<string[]> {
  const { rows } = await pool.query<{ known: string | null }>(
    `SELECT to_regclass('public._prisma_migrations')::text AS known`,
  );
  const done =
    rows[0]?.known == null
      ? []
      : (await pool.query<{ migration_name: string }>('SELECT migration_name FROM public._prisma_migrations'))
          .rows;
  const names = new Set(done.map((row) => row.migration_name));
  return migrationNames(folder).filter((name) => !names.has(name));
}

/** Names of all migrations, oldest first. */
export function migrationNames(folder = migrationsFolder): string[] {
  return readMigrations(folder).map((migration) => migration.name);
}

function readMigrations(folder: string): Migration[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .toSorted()
    .map((name) => {
      const sql = readFileSync(join(folder, name, 'migration.sql'), 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    });
}

async function applyOnce(pool: pg.Pool, migration: Migration): Promise<boolean> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    // 'bouquet' in ASCII, cut to an int. Transaction-scoped, so that a lost connection frees it.
    await client.query('SELECT pg_advisory_xact_lock(1651471733)');
    await client.query(`CREATE TABLE IF NOT EXISTS public._prisma_migrations (
      id VARCHAR(36) PRIMARY KEY,
      checksum VARCHAR(64) NOT NULL,
      finished_at TIMESTAMPTZ,
      migration_name VARCHAR(255) NOT NULL,
      logs TEXT,
      rolled_back_at TIMESTAMPTZ,
      started_at TIMESTAMPTZ NOT NULL DEFAULT now(),
      applied_steps_count INTEGER NOT NULL DEFAULT 0
    )`);
    const { rows } = await client.query<{ checksum: string }>(
      'SELECT checksum FROM public._prisma_migrations WHERE migration_name = $1',
      [migration.name],
    );
    const known = rows[0];
    if (known !== undefined && known.checksum !== migration.checksum) {
      throw new MigrationChangedError(migration.name);
    }
    if (known === undefined) {
      await client.query(migration.sql);
      await client.query(
        `INSERT INTO public._prisma_migrations (id, checksum, finished_at, migration_name, applied_steps_count)
         VALUES ($1, $2, now(), $3, 1)`,
        [randomUUID(), migration.checksum, migration.name],
      );
    }
    await client.query('COMMIT');
    return known === undefined;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  } finally {
    client.release();
  }
}
