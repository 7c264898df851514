import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPostgresDatabase } from '../../test/support/databases.ts';
import { openDatabase, type Database } from '../database/database.ts';
import { CommitChannel } from './commit-channel.ts';
import { eventually, keepLog, raise, silent } from './test/delivery-fixtures.ts';
import { WakeSignal } from './wake-signal.ts';

describe('wake-ups between processes on postgresql (PGlite notifies nobody through its socket)', () => {
  let url: string;
  let drop: () => Promise<void>;
  let database: Database;
  let otherDatabase: Database;
  beforeAll(async () => {
    ({ url, drop } = await createPostgresDatabase());
    const config = { DATABASE_URL: url, DATABASE_POOL_SIZE: 2, DATA_DIR: '' };
    database = await openDatabase(config, { logger: silent });
    otherDatabase = await openDatabase(config, { logger: silent });
  });
  afterAll(async () => {
    await database.close();
    await otherDatabase.close();
    await drop();
  });

  const listen = (of: Database, connectionString: string) => {
    const wake = new WakeSignal(of);
    const { logger, lines } = keepLog();
    const channel = new CommitChannel(of, { connectionString, wake, logger, reconnectMs: 5 });
    let wakeUps = 0;
    wake.subscribe(['content.removed'], () => wakeUps++);
    channel.start();
    return { channel, lines, wakeUps: () => wakeUps };
  };

  const listeners = async (): Promise<number[]> => {
    const { rows } = await database.pool.query<{ pid: number }>(
      `SELECT pid FROM pg_stat_activity
       WHERE datname = current_database() AND application_name = 'bouquet events' AND query = 'LISTEN bouquet_events'`,
    );
    return rows.map(({ pid }) => pid);
  };

  it('come by each commit of another process, and on a new connection after one was lost', async () => {
    const here = listen(database, url);
    const there = listen(otherDatabase, url);
    await eventually(listeners).toHaveLength(2);
    // One for the beginning, in which something may have been committed.
    await eventually(there.wakeUps).toBe(1);
    await raise(database, 'a');
    await eventually(there.wakeUps).toBe(2);

    const lost = await listeners();
    await database.pool.query('SELECT pg_terminate_backend(pid) FROM unnest($1::int[]) AS pid', [lost]);
    await eventually(there.wakeUps).toBe(3);
    await eventually(async () => (await listeners()).filter((pid) => !lost.includes(pid)).length).toBe(2);
    await raise(database, 'b');
    await eventually(there.wakeUps).toBe(4);
    // What cannot be read, as a notification of another release, may tell of anything.
    await database.pool.query(`SELECT pg_notify('bouquet_events', 'anything')`);
    await eventually(there.wakeUps).toBe(5);
    expect(there.lines.join('')).toContain('the connection that listens for events was lost');

    await here.channel.stop();
    await there.channel.stop();
    await eventually(listeners).toEqual([]);
  });

  it('are only a hint: a process that cannot listen says so and can still be stopped', async () => {
    const deaf = listen(database, 'postgresql://nobody:x@127.0.0.1:9/nothing');
    await eventually(() => deaf.lines.length).toBeGreaterThan(1);
    expect(deaf.lines.join('')).toContain('ECONNREFUSED');
    await deaf.channel.stop();
    expect(deaf.wakeUps()).toBe(0);
  });
});
