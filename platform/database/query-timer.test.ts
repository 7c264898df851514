import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases } from '../../test/support/databases.ts';
import type { Database } from './database.ts';

describe.each(databases)('the timer of statements on $kind', ({ open }) => {
  let database: Database;
  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database.close());

  const counted = async (work: () => Promise<unknown>) => {
    database.timer.drain();
    const before = database.timer.statements;
    await work().catch(() => undefined);
    const times = database.timer.drain();
    return {
      statements: database.timer.statements - before,
      timed: times.totalCount,
      longestMs: times.maxValue / 1000,
    };
  };

  it('times what is asked of the pool, by Prisma and in a transaction, and what fails', async () => {
    await database.pool.query('SELECT 1');
    expect(await counted(() => database.pool.query('SELECT pg_sleep(0.03)'))).toMatchObject({
      statements: 1,
      timed: 1,
    });
    expect(await counted(() => database.read`SELECT 1 AS one`)).toMatchObject({ statements: 1, timed: 1 });
    expect(await counted(() => database.prisma.$queryRaw`SELECT 1`)).toMatchObject({
      statements: 1,
      timed: 1,
    });
    expect(await counted(() => database.pool.query('SELECT nothing'))).toMatchObject({
      statements: 1,
      timed: 1,
    });
    const transaction = await counted(() => database.transaction((tx) => tx.$queryRaw`SELECT 1`));
    expect(transaction).toMatchObject({ statements: 3, timed: 3 });
  });

  it('tells microseconds', async () => {
    const { longestMs } = await counted(() => database.pool.query('SELECT pg_sleep(0.03)'));
    expect(longestMs).toBeGreaterThanOrEqual(29);
  });
});
