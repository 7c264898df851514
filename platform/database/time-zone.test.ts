import pg from 'pg';
import { expect, it } from 'vitest';
import { createPostgresDatabase } from '../../test/support/databases.ts';
import { createLogger } from '../logging/logger.ts';
import { openDatabase } from './database.ts';

it('keeps times on a server of another time zone than UTC', async () => {
  const { url, drop } = await createPostgresDatabase();
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`ALTER DATABASE ${new URL(url).pathname.slice(1)} SET timezone TO 'Asia/Kolkata'`);
  await client.end();
  const database = await openDatabase(
    { DATABASE_URL: url, DATABASE_POOL_SIZE: 2, DATA_DIR: '' },
    { logger: createLogger('error') },
  );
  const noon = new Date('2026-11-24T12:00:00Z');
  const [row] = await database.prisma.$queryRaw<{ sent: number; read: Date }[]>`
    SELECT extract(epoch FROM ${noon}::timestamptz)::float8 AS sent, '2026-11-24T12:00:00Z'::timestamptz AS read`;
  await database.close();
  await drop();
  expect(row).toEqual({ sent: noon.getTime() / 1000, read: noon });
});
