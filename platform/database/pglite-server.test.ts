import { rmSync } from 'node:fs';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copyPgliteFolder } from '../../test/support/databases.ts';
import { startPglite, type EmbeddedPostgres } from './pglite.ts';

describe('PGlite behind its socket', () => {
  let embedded: EmbeddedPostgres;
  let folder: string;
  let pool: pg.Pool;
  beforeAll(async () => {
    folder = copyPgliteFolder();
    embedded = await startPglite(folder, { share: false });
    pool = new pg.Pool({
      host: embedded.socketFolder,
      port: 5432,
      user: 'postgres',
      database: 'postgres',
      max: 8,
    });
    await pool.query('CREATE TABLE counter (name text PRIMARY KEY, value int NOT NULL)');
  });
  afterAll(async () => {
    await pool.end();
    await embedded.close();
    rmSync(folder, { recursive: true });
  });

  it('never mixes the parameters of concurrent queries, nor of failing ones', async () => {
    const answers = await Promise.all(
      Array.from({ length: 200 }, async (_, index) => {
        if (index % 7 === 0) {
          return pool.query('SELECT $1::text::int AS value', ['no number']).then(
            () => 'answered',
            (error: unknown) => (error instanceof pg.DatabaseError ? error.code : 'other'),
          );
        }
        const { rows } = await pool.query<{ value: number }>('SELECT $1::int + $2::int AS value', [index, 1]);
        return rows[0]?.value;
      }),
    );
    expect(answers).toEqual(answers.map((_, index) => (index % 7 === 0 ? '22P02' : index + 1)));
  });

  it('runs a transaction without statements of others in between', async () => {
    await pool.query(`INSERT INTO counter VALUES ('hits', 0)`);
    await Promise.all(
      Array.from({ length: 40 }, async () => {
        const client = await pool.connect();
        await client.query('BEGIN');
        const { rows } = await client.query<{ value: number }>(`SELECT value FROM counter WHERE name = $1`, [
          'hits',
        ]);
        await client.query('UPDATE counter SET value = $1 WHERE name = $2', [
          (rows[0]?.value ?? 0) + 1,
          'hits',
        ]);
        await client.query('COMMIT');
        client.release();
      }),
    );
    const { rows } = await pool.query(`SELECT value FROM counter WHERE name = 'hits'`);
    expect(rows).toEqual([{ value: 40 }]);
  });

  it('rolls back and goes on when a client leaves in the middle of a transaction', async () => {
    const leaving = new pg.Client({
      host: embedded.socketFolder,
      port: 5432,
      user: 'postgres',
      database: 'postgres',
    });
    leaving.on('error', () => undefined);
    await leaving.connect();
    await leaving.query('BEGIN');
    await leaving.query(`INSERT INTO counter VALUES ('left', 1)`);
    const waiting = pool.query(`SELECT count(*)::int AS n FROM counter WHERE name = 'left'`);
    await leaving.end();
    expect((await waiting).rows).toEqual([{ n: 0 }]);
  });

  it('carries answers and parameters of megabytes', async () => {
    const text = 'x'.repeat(3_000_000);
    const { rows } = await pool.query<{ echoed: string }>('SELECT $1::text AS echoed', [text]);
    expect(rows[0]?.echoed).toBe(text);
  });
});
