import type pg from 'pg';
import { z } from 'zod';

/** Tables that hold what callers send. */
const tablesQuery = `SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables
  WHERE table_schema IN ('content', 'experiments', 'feed', 'metrics', 'gateway', 'events') AND table_type = 'BASE TABLE'`;

/** Columns that hold a user's or an anonymous caller's id. */
const subjectsQuery = `SELECT format('%I.%I', table_schema, table_name) AS name, column_name AS "column"
  FROM information_schema.columns WHERE table_schema IN ('feed', 'metrics')
  AND column_name IN ('user_id', 'subject', 'anonymous_id', 'content_id') AND data_type = 'text'`;

const tablesSchema = z.array(z.object({ name: z.string() }));
const subjectsSchema = z.array(z.object({ name: z.string(), column: z.string() }));

type Client = Pick<pg.Client, 'query'>;

/** Has every write fail with an error that shows the row, as a constraint that was forgotten does; returns the way back. */
export async function refuseWrites(client: Client): Promise<() => Promise<void>> {
  const { rows } = await client.query(tablesQuery);
  const tables = tablesSchema.parse(rows);
  for (const { name } of tables) {
    await client.query(`ALTER TABLE ${name} ADD CONSTRAINT broken CHECK (false) NOT VALID`);
  }
  return async () => {
    for (const { name } of tables) await client.query(`ALTER TABLE ${name} DROP CONSTRAINT broken`);
  };
}

/** Has every look-up of a caller fail with an error that shows the value, as a column of another type does. */
export async function changeTypesOfIds(client: Client): Promise<void> {
  const { rows } = await client.query(subjectsQuery);
  for (const { name, column } of subjectsSchema.parse(rows)) {
    await client.query(
      `ALTER TABLE ${name} ADD COLUMN IF NOT EXISTS replaced uuid DEFAULT gen_random_uuid()`,
    );
    await client.query(`ALTER TABLE ${name} DROP COLUMN ${column} CASCADE`);
    await client.query(`ALTER TABLE ${name} RENAME COLUMN replaced TO ${column}`);
  }
}
