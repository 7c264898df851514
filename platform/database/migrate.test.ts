import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases } from '../../test/support/databases.ts';
import type { Database } from './database.ts';
import { migrate, MigrationChangedError, pendingMigrations } from './migrate.ts';

function folderWith(migrations: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'bq-migrations-'));
  for (const [name, sql] of Object.entries(migrations)) {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, 'migration.sql'), sql);
  }
  return folder;
}

describe.each(databases)('migrations on $kind', ({ open }) => {
  let database: Database;
  const folders: string[] = [];
  const make = (migrations: Record<string, string>): string => {
    const folder = folderWith(migrations);
    folders.push(folder);
    return folder;
  };
  beforeAll(async () => {
    database = await open();
  });
  afterAll(async () => {
    await database.close();
    for (const folder of folders) rmSync(folder, { recursive: true });
  });

  it('finds the repository applied, and applies nothing twice', async () => {
    expect(await pendingMigrations(database.pool)).toEqual([]);
    expect(await migrate(database.pool)).toEqual([]);
  });

  it('applies each once when two start together', async () => {
    const folder = make({ '1_a': 'CREATE TABLE twice (n int)', '2_b': 'INSERT INTO twice VALUES (1)' });
    expect(await pendingMigrations(database.pool, folder)).toEqual(['1_a', '2_b']);
    const applied = await Promise.all([migrate(database.pool, folder), migrate(database.pool, folder)]);
    expect(applied.flat().toSorted()).toEqual(['1_a', '2_b']);
    const { rows } = await database.pool.query('SELECT count(*)::int AS n FROM twice');
    expect(rows).toEqual([{ n: 1 }]);
  });

  it('leaves nothing of a migration that fails', async () => {
    const folder = make({ '3_c': 'CREATE TABLE half (n int); SELECT broken;' });
    await expect(migrate(database.pool, folder)).rejects.toThrow('broken');
    const { rows } = await database.pool.query(`SELECT to_regclass('half') AS half`);
    expect(rows).toEqual([{ half: null }]);
    expect(await pendingMigrations(database.pool, folder)).toEqual(['3_c']);
  });

  it('refuses a file that was changed after it had been applied', async () => {
    await migrate(database.pool, make({ '4_d': 'SELECT 1' }));
    await expect(migrate(database.pool, make({ '4_d': 'SELECT 2' }))).rejects.toThrow(MigrationChangedError);
  });
});
