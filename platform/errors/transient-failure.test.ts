import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases } from '../../test/support/databases.ts';
import type { Database, Transaction } from '../database/database.ts';
import { ConsumerRunner } from '../events/consumer-runner.ts';
import { listDeadLetters } from '../events/dead-letters.ts';
import { BatchFailure, consumeBatch, type OnceConsumer } from '../events/once-consumer.ts';
import {
  eventually,
  raise,
  recorder,
  settled,
  silent,
  withSessions,
} from '../events/test/delivery-fixtures.ts';
import { isTransient } from './transient-failure.ts';
import { WakeSignal } from '../events/wake-signal.ts';

const withTraits = (traits: object): Error => Object.assign(new Error('what happened'), traits);

describe('telling the surroundings from the work', () => {
  it.each([
    ['an expired transaction', withTraits({ code: 'P2028' })],
    ['an exhausted pool', withTraits({ code: 'P2024' })],
    ['a refused connection', withTraits({ code: 'ECONNREFUSED', syscall: 'connect' })],
    [
      'a service that cannot be reached',
      new TypeError('fetch failed', { cause: withTraits({ code: 'UND_ERR_SOCKET' }) }),
    ],
    ['a deadline', AbortSignal.timeout(0).reason ?? new DOMException('late', 'TimeoutError')],
    ['an open breaker', withTraits({ isBrokenCircuitError: true })],
    ['a service that fails', withTraits({ status: 503 })],
    ['a service that is busy', withTraits({ status: 429 })],
    ['one of several', new AggregateError([new Error('a'), withTraits({ code: '40001' })])],
  ])('%s is of the surroundings', (_name, error) => {
    expect(isTransient(error)).toBe(true);
  });

  it.each([
    ['a bug', new TypeError('x is not a function')],
    ['a wrong call', withTraits({ code: 'ERR_INVALID_ARG_TYPE' })],
    ['a request that a service refuses', withTraits({ status: 422 })],
    ['a missing cause', new Error('a', { cause: undefined })],
    ['no error', 'a text'],
    ['nothing', null],
  ])('%s is of the work', (_name, error) => {
    expect(isTransient(error)).toBe(false);
  });
});

const raised = (state: string) => (tx: Transaction) =>
  tx.$executeRawUnsafe(`DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '${state}'; END $$`);

/** What goes wrong in a consumer's own transaction, and whether it is of the surroundings. */
const failures: readonly [name: string, transient: boolean, work: (tx: Transaction) => Promise<unknown>][] = [
  ['a serialization failure', true, raised('40001')],
  ['a deadlock', true, raised('40P01')],
  ['a lock that is not available', true, raised('55P03')],
  ['a full disk', true, raised('53100')],
  ['a shutdown', true, raised('57P03')],
  ['a column that is not there yet', true, (tx) => tx.$executeRaw`SELECT nothing FROM events.outbox`],
  [
    'a failure that was swallowed',
    true,
    async (tx) => {
      await tx.$executeRaw`SELECT 1 / 0`.catch(() => 0);
      await tx.$executeRaw`SELECT 1`;
    },
  ],
  ['a division by zero', false, (tx) => tx.$executeRaw`SELECT 1 / 0`],
  ['a broken constraint', false, (tx) => tx.$executeRaw`INSERT INTO events.retention DEFAULT VALUES`],
  ['an error of the consumer', false, () => Promise.reject(new Error('no'))],
];

describe.each(databases)('failures of a batch on $kind', ({ open }) => {
  let database: Database;
  beforeAll(async () => {
    database = await open();
    await raise(database, 'a', 'b');
    await settled(database);
  });
  afterAll(() => database.close());

  it.each(failures)('%s is told apart', async (name, transient, work) => {
    const consumer = recorder(name, async (_names, tx) => {
      await work(tx);
    });
    const error: unknown = await consumeBatch(database, consumer, 10).catch((thrown: unknown) => thrown);
    expect(error instanceof BatchFailure && error.batch).toMatchObject({ transient, isPutBack: false });
  });

  it('of the surroundings never set an event aside, however often', async () => {
    let tries = 0;
    const consumer = recorder('patient', async (_names, tx) => {
      tries++;
      if (tries <= 7) await raised('40001')(tx);
    });
    const runner = new ConsumerRunner(database, [consumer], {
      logger: silent,
      pollMs: 1,
      wake: new WakeSignal(database),
    });
    runner.start();
    await eventually(() => consumer.seen).toEqual(['a', 'b']);
    await runner.stop();
    expect(await listDeadLetters(database, { consumer: 'patient' })).toEqual([]);
  });
});

describe.each(withSessions)('a connection that is lost on $kind (PGlite has one session)', ({ open }) => {
  let database: Database;
  beforeAll(async () => {
    database = await open();
    await database.prisma.$executeRaw`CREATE TABLE applied (name TEXT PRIMARY KEY)`;
    await raise(database, 'a', 'b', 'c');
    await settled(database);
  });
  afterAll(() => database.close());

  it('between the work and the cursor loses both, and the events come again', async () => {
    let crashes = 2;
    const consumer: OnceConsumer = recorder('crashing', async (names, tx) => {
      await tx.$executeRaw`INSERT INTO applied SELECT unnest(${[...names]}::text[])`;
      if (crashes-- <= 0) return;
      const [session] = await tx.$queryRaw<{ pid: number }[]>`SELECT pg_backend_pid() AS pid`;
      await database.pool.query('SELECT pg_terminate_backend($1)', [session?.pid]);
      // The driver's error of the next statement has no code to go by.
      await expect
        .poll(() =>
          tx.$executeRaw`SELECT 1`.then(
            () => true,
            () => false,
          ),
        )
        .toBe(false);
      if (crashes === 0) throw new Error('the work cannot go on');
    });
    for (const rest of [1, 0]) {
      const error: unknown = await consumeBatch(database, consumer, 10).catch((thrown: unknown) => thrown);
      expect(crashes).toBe(rest);
      expect(error instanceof BatchFailure && error.batch.transient).toBe(true);
    }
    expect((await consumeBatch(database, consumer, 10)).passed).toBe(3);
    const applied = await database.prisma.$queryRaw<
      { name: string }[]
    >`SELECT name FROM applied ORDER BY name`;
    expect(applied.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
  });
});
