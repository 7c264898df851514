import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases } from '../../test/support/databases.ts';
import type { Database } from '../database/database.ts';
import { Telemetry } from '../telemetry/telemetry.ts';
import { readLag, watchLag } from './event-lag.ts';
import { consumeBatch, consumeOnce, drainConsumer } from './once-consumer.ts';
import { keepLog, raise, raiseMany, recorder, settled, withSessions } from './test/delivery-fixtures.ts';

describe.each(databases)('the lag of events on $kind', ({ open }) => {
  let database: Database;
  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database.close());

  it('is the number of waiting events and the age of the oldest, per consumer', async () => {
    const current = recorder('current');
    const behind = recorder('behind');
    await raiseMany(database, 'n', 30);
    await database.prisma.$executeRaw`UPDATE events.outbox SET created_at = now() - interval '10 minutes'`;
    await settled(database);
    await consumeBatch(database, behind, 12);
    await drainConsumer(database, current);
    const lag = await readLag(database, [behind, current, { name: 'not begun', types: ['feed.served'] }]);
    expect(lag).toEqual([
      { consumer: 'behind', waiting: 18, oldestMs: expect.any(Number) },
      { consumer: 'current', waiting: 0, oldestMs: 0 },
      { consumer: 'not begun', waiting: 0, oldestMs: 0 },
    ]);
    expect(lag[0]?.oldestMs).toBeGreaterThanOrEqual(600_000);
  });

  it('is counted over all types, each to a limit', async () => {
    const types = ['content.removed', 'content.changed'] as const;
    await raiseMany(database, 'many', 10_050);
    await database.prisma.$executeRaw`
      INSERT INTO events.outbox (type, version, payload) VALUES ('content.changed', 1, '{}')`;
    const [lag] = await readLag(database, [{ name: 'of two types', types }]);
    expect(lag?.waiting).toBe(10_001);
  });

  it('is kept for the reports of the process, and warned of when it is long', async () => {
    const { logger, lines } = keepLog();
    const telemetry = new Telemetry();
    const consumers = [{ name: 'slow', types: ['content.removed'] as const }];
    await watchLag(database, consumers, { logger, telemetry, warnAtMs: 3_600_000 });
    expect(lines).toEqual([]);
    await watchLag(database, consumers, { logger, telemetry, warnAtMs: 300_000 });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('a consumer of events lags');
    const [lag] = telemetry.drain().eventLag;
    expect(lag).toMatchObject({ consumer: 'slow', waiting: 10_000 });
    expect(lag?.oldestMs).toBeGreaterThanOrEqual(600_000);
  });
});

describe.each(withSessions)('the lag of events on $kind (PGlite has one session)', ({ open }) => {
  it('counts what a long transaction holds back', async () => {
    const database = await open();
    const long = await database.pool.connect();
    await long.query('BEGIN; SELECT pg_current_xact_id()');
    await raise(database, 'held back');
    const consumer = recorder('held');
    expect(await consumeOnce(database, consumer)).toBe(0);
    expect(await readLag(database, [consumer])).toMatchObject([{ consumer: 'held', waiting: 1 }]);
    await long.query('ROLLBACK');
    long.release();
    await database.close();
  });
});
