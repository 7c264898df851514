import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../platform/database/database.ts';
import { databases } from '../support/databases.ts';

const folder = join(import.meta.dirname, '../../prisma/schema');

interface Column {
  readonly name: string;
  readonly nullable: boolean;
}

/** `schema.table.column` of every scalar field of every model. */
function modelColumns(): Column[] {
  const text = readdirSync(folder)
    .map((file) => readFileSync(join(folder, file), 'utf8'))
    .join('\n');
  const models = [...text.matchAll(/^model (\w+) \{\n([\s\S]*?)^\}/gm)];
  const names = new Set(models.map(([, name]) => name));
  return models.flatMap(([, name, body = '']) => {
    const table = `${/@@schema\("(\w+)"\)/.exec(body)?.[1]}.${/@@map\("(\w+)"\)/.exec(body)?.[1] ?? name}`;
    return [...body.matchAll(/^ {2}(\w+)\s+(\w+)(?:\(\S+\))?(\[\])?(\?)?(.*)$/gm)]
      .filter(([, , type = '']) => !names.has(type))
      .map(([, field, , , optional, rest = '']) => ({
        name: `${table}.${/@map\("(\w+)"\)/.exec(rest)?.[1] ?? field}`,
        nullable: optional !== undefined,
      }));
  });
}

describe.each(databases)('the Prisma schema and the migrations on $kind', ({ open }) => {
  let database: Database;
  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database.close());

  it('describe the same columns', async () => {
    const { rows } = await database.pool.query<Column>(
      `SELECT table_schema || '.' || table_name || '.' || column_name AS name, is_nullable = 'YES' AS nullable
       FROM information_schema.columns
       WHERE table_schema NOT IN ('information_schema', 'pg_catalog', 'public')`,
    );
    const byName = (a: Column, b: Column): number => a.name.localeCompare(b.name);
    const migrated = rows.toSorted(byName);
    expect(migrated.length).toBeGreaterThan(20);
    expect(modelColumns().toSorted(byName)).toEqual(migrated);
  });
});
