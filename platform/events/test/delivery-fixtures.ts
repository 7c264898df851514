import { pino } from 'pino';
import { expect } from 'vitest';
import { databases, type TestDatabase } from '../../../test/support/databases.ts';
import type { Database, Transaction } from '../../database/database.ts';
import { createLogger, type Logger } from '../../logging/logger.ts';
import type { BouquetEvent } from '../contracts.ts';
import type { OnceConsumer } from '../once-consumer.ts';
import { appendEvent, inTransactionWithEvents } from '../outbox.ts';

export const silent = createLogger('silent');

/** A logger whose lines are kept as they would be written. */
export function keepLog(): { logger: Logger; lines: string[] } {
  const lines: string[] = [];
  return { logger: pino({ level: 'warn' }, { write: (line) => lines.push(line) }), lines };
}

/** Waits for `value` to be as expected: `await eventually(() => …).toBe(…)`. */
export function eventually<T>(value: () => T) {
  return expect.poll(value, { timeout: 20_000, interval: 5 });
}

/** Databases with more than one session, for transactions that run side by side. */
export const withSessions: readonly TestDatabase[] = databases.filter(({ kind }) => kind === 'postgresql');

/** Raises one event per name, each in a transaction of its own. */
export async function raise(database: Database, ...names: string[]): Promise<void> {
  for (const name of names) {
    await inTransactionWithEvents(database, (tx) =>
      appendEvent(tx, 'content.removed', { contentIds: [name] }),
    );
  }
}

/** Raises `count` events in one statement, named by `prefix` and their number from 1 on. */
export async function raiseMany(database: Database, prefix: string, count: number): Promise<void> {
  await database.prisma.$executeRaw`
    INSERT INTO events.outbox (type, version, payload)
    SELECT 'content.removed', 1, jsonb_build_object('contentIds', jsonb_build_array(${prefix}::text || n))
    FROM generate_series(1, ${count}::int) AS n`;
}

/** Raises an event whose payload breaks its contract. */
export async function raiseBroken(database: Database): Promise<void> {
  await database.prisma.$executeRaw`
    INSERT INTO events.outbox (type, version, payload) VALUES ('content.removed', 1, '{"contentIds": "Ada"}')`;
}

/** Waits until no transaction, of other suites' databases on the same server for one, holds events back. */
export async function settled(database: Database): Promise<void> {
  for (;;) {
    const [row] = await database.prisma.$queryRaw<{ held: boolean }[]>`
      SELECT EXISTS (
        SELECT 1 FROM events.outbox WHERE xid >= (pg_snapshot_xmin(pg_current_snapshot())::text)::bigint
      ) AS held`;
    if (row?.held === false) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Lets `consumer` begin behind what is in the outbox. */
export async function startAtEnd(database: Database, { name, types }: OnceConsumer): Promise<void> {
  await database.prisma.$executeRaw`
    INSERT INTO events.consumer (name, types, xid)
    VALUES (${name}, ${[...types]}::text[], (pg_snapshot_xmin(pg_current_snapshot())::text)::bigint)`;
}

/** The names that `raise` gave. */
export function namesOf(events: readonly BouquetEvent[]): string[] {
  return events.flatMap((event) => (event.type === 'content.removed' ? event.payload.contentIds : []));
}

/** A consumer that keeps the names it was given in batches that were committed, or so it hopes. */
export function recorder(
  name: string,
  before: (names: readonly string[], tx: Transaction) => Promise<void> | void = () => undefined,
): OnceConsumer & { readonly seen: string[] } {
  const seen: string[] = [];
  return {
    name,
    seen,
    types: ['content.removed'],
    handle: async (tx, events) => {
      const names = namesOf(events);
      await before(names, tx);
      seen.push(...names);
    },
  };
}

/** A check that throws where a batch holds one of `poison`. */
export function failsOn(...poison: string[]): (names: readonly string[]) => void {
  return (names) => {
    const found = names.find((name) => poison.includes(name));
    if (found !== undefined) throw new Error(`cannot work on ${found}`);
  };
}
