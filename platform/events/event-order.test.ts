import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../database/database.ts';
import { ConsumerRunner } from './consumer-runner.ts';
import { consumeOnce, drainConsumer, type OnceConsumer } from './once-consumer.ts';
import { TailRunner } from './tail-runner.ts';
import {
  eventually,
  namesOf,
  raise,
  recorder,
  settled,
  silent,
  startAtEnd,
  withSessions,
} from './test/delivery-fixtures.ts';
import { WakeSignal } from './wake-signal.ts';

const insert = `INSERT INTO events.outbox (type, version, payload)
  VALUES ('content.removed', 1, jsonb_build_object('contentIds', jsonb_build_array($1::text))) RETURNING id`;

describe.each(withSessions)('transactions side by side on $kind (PGlite has one session)', ({ open }) => {
  let database: Database;
  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database.close());

  /** Runs `work` while a transaction that has raised `name` is open, then commits it. */
  const whileOpen = async (name: string, work: () => Promise<void>): Promise<void> => {
    const client: pg.PoolClient = await database.pool.connect();
    try {
      await client.query('BEGIN');
      await client.query(insert, [name]);
      await work();
      await client.query('COMMIT');
    } finally {
      client.release();
    }
  };

  it('once: an event that commits before an earlier id waits for it', async () => {
    const consumer = recorder('late-commit');
    await startAtEnd(database, consumer);
    await whileOpen('earlier', async () => {
      await raise(database, 'later');
      expect(await consumeOnce(database, consumer)).toBe(0);
    });
    await drainConsumer(database, consumer);
    expect(consumer.seen).toEqual(['earlier', 'later']);
  });

  it('once: of two transactions that overlap, one event each, none is lost whichever commits first', async () => {
    const consumer = recorder('overlap');
    await startAtEnd(database, consumer);
    await whileOpen('first', async () => {
      await whileOpen('second', async () => {
        await raise(database, 'third');
        expect(await consumeOnce(database, consumer)).toBe(0);
      });
      expect(await consumeOnce(database, consumer)).toBe(0);
    });
    await drainConsumer(database, consumer);
    expect(consumer.seen).toEqual(['first', 'second', 'third']);
  });

  it('once: a transaction that takes an id early and its number late loses nothing', async () => {
    const consumer = recorder('early-id');
    await startAtEnd(database, consumer);
    // The sequence is no part of the transaction: the smaller id gets the larger transaction number.
    const { rows } = await database.pool.query<{ id: string }>(
      `SELECT nextval('events.outbox_id_seq')::text AS id`,
    );
    await raise(database, 'larger id');
    await drainConsumer(database, consumer);
    await database.pool.query(
      `INSERT INTO events.outbox (id, type, version, payload)
       VALUES ($1, 'content.removed', 1, '{"contentIds": ["smaller id"]}')`,
      [rows[0]?.id],
    );
    await drainConsumer(database, consumer);
    expect(consumer.seen).toEqual(['larger id', 'smaller id']);
  });

  it('once: of two processes one gets the lease, and the other does not wait', async () => {
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    const seen: string[] = [];
    const consumer: OnceConsumer = {
      name: 'contended',
      types: ['content.removed'],
      handle: async (_tx, events) => {
        begin();
        await held;
        seen.push(...namesOf(events));
      },
    };
    await startAtEnd(database, consumer);
    await raise(database, 'x', 'y');
    await settled(database);
    const winner = consumeOnce(database, consumer);
    await begun;
    expect(await consumeOnce(database, consumer)).toBe(0);
    release();
    expect(await winner).toBe(2);
    await drainConsumer(database, consumer);
    expect(seen).toEqual(['x', 'y']);
  });

  it('every: an event that commits before an earlier id waits for it', async () => {
    const seen: string[] = [];
    const tail = new TailRunner(
      database,
      [
        {
          name: 'tail',
          types: ['content.removed'],
          handle: (events) => {
            seen.push(...namesOf(events));
          },
          onGap: () => undefined,
        },
      ],
      { logger: silent, pollMs: 5, wake: new WakeSignal(database) },
    );
    await whileOpen('open at the start', async () => {
      await tail.open();
      tail.start();
      await raise(database, 'committed first');
    });
    await eventually(() => seen).toEqual(['open at the start', 'committed first']);
    await whileOpen('early', async () => {
      await raise(database, 'late');
    });
    await eventually(() => seen.length).toBe(4);
    await tail.stop();
    expect(seen.slice(2)).toEqual(['early', 'late']);
  });

  it('an event comes soon after a transaction of others that held it back, however long the poll', async () => {
    const seen: string[] = [];
    const once = recorder('patient once');
    await startAtEnd(database, once);
    const options = { logger: silent, pollMs: 3_600_000, wake: new WakeSignal(database) };
    const tail = new TailRunner(
      database,
      [
        {
          name: 'patient',
          types: ['content.removed'],
          handle: (events) => {
            seen.push(...namesOf(events));
          },
          onGap: () => undefined,
        },
      ],
      options,
    );
    const runner = new ConsumerRunner(database, [once], options);
    await tail.open();
    tail.start();
    runner.start();
    const client = await database.pool.connect();
    try {
      await client.query('BEGIN');
      // The number of a transaction, as of one in another database of the server: its end wakes nobody.
      await client.query('SELECT pg_current_xact_id()');
      await raise(database, 'held back');
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect([...seen, ...once.seen]).toEqual([]);
      await client.query('COMMIT');
    } finally {
      client.release();
    }
    await eventually(() => seen).toEqual(['held back']);
    await eventually(() => once.seen).toEqual(['held back']);
    await Promise.all([tail.stop(), runner.stop()]);
  });
});
