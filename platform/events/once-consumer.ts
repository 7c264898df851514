import { z } from 'zod';
import type { Database, Transaction } from '../database/database.ts';
import type { Logger } from '../logging/logger.ts';
import { eventContracts, type BouquetEvent, type EventType } from './contracts.ts';

/** Work that every event of `types` is given to once, across all processes. */
export interface OnceConsumer {
  /** Unique and stable: the cursor is kept under it. */
  readonly name: string;
  readonly types: readonly EventType[];
  /**
   * Applies a batch in order. Runs in the transaction that moves the cursor, so what it writes by `tx` happens
   * exactly once; anything else it does may happen again after a crash.
   */
  handle(tx: Transaction, events: readonly BouquetEvent[]): Promise<void>;
}

const batchSize = 200;

const rowSchema = z.object({
  id: z.bigint(),
  xid: z.bigint(),
  type: z.string(),
  payload: z.unknown(),
  created_at: z.date(),
});

type Row = z.infer<typeof rowSchema>;

/**
 * Gives the consumer its next events. Returns how many it handled; 0 when there is none or when another process
 * holds the consumer's row, whose lock is the lease.
 */
export async function consumeOnce(database: Database, consumer: OnceConsumer): Promise<number> {
  const { prisma } = database;
  await prisma.$executeRaw`
    INSERT INTO events.consumer (name) VALUES (${consumer.name}) ON CONFLICT (name) DO NOTHING`;
  return database.transaction(async (tx) => {
    const [cursor] = await tx.$queryRaw<{ xid: bigint; event_id: bigint }[]>`
      SELECT xid, event_id FROM events.consumer WHERE name = ${consumer.name} FOR UPDATE SKIP LOCKED`;
    if (cursor === undefined) return 0;
    const rows = await nextRows(tx, consumer.types, cursor);
    const last = rows.at(-1);
    if (last === undefined) return 0;
    await consumer.handle(
      tx,
      rows.map((row) => toEvent(row)),
    );
    await tx.$executeRaw`
      UPDATE events.consumer SET xid = ${last.xid}, event_id = ${last.id}, updated_at = now()
      WHERE name = ${consumer.name}`;
    return rows.length;
  });
}

/** Whether events wait that `consumer` has not handled; cheap, takes no lock. */
async function hasPendingEvents(database: Database, consumer: OnceConsumer): Promise<boolean> {
  const [row] = await database.prisma.$queryRaw<{ pending: boolean }[]>`
    SELECT EXISTS (
      SELECT 1 FROM events.outbox o
      LEFT JOIN events.consumer c ON c.name = ${consumer.name}
      WHERE (o.xid, o.id) > (coalesce(c.xid, 0), coalesce(c.event_id, 0))
        AND o.xid < (pg_snapshot_xmin(pg_current_snapshot())::text)::bigint
        AND o.type = ANY (${[...consumer.types]}::text[])
    ) AS pending`;
  return row?.pending ?? false;
}

/**
 * A later id can commit first, so the order is by transaction, and transactions at or above the snapshot's xmin,
 * which may still be running, wait.
 */
async function nextRows(
  tx: Transaction,
  types: readonly EventType[],
  cursor: { xid: bigint; event_id: bigint },
): Promise<Row[]> {
  const rows = await tx.$queryRaw<unknown[]>`
    SELECT id, xid, type, payload, created_at FROM events.outbox
    WHERE (xid, id) > (${cursor.xid}, ${cursor.event_id})
      AND xid < (pg_snapshot_xmin(pg_current_snapshot())::text)::bigint
      AND type = ANY (${[...types]}::text[])
    ORDER BY xid, id
    LIMIT ${batchSize}`;
  return z.array(rowSchema).parse(rows);
}

function toEvent(row: Row): BouquetEvent {
  const base = { id: row.id, createdAt: row.created_at };
  // One arm per event keeps payload and type together without a cast.
  switch (row.type) {
    case 'content.changed':
      return { ...base, type: row.type, payload: eventContracts[row.type].schema.parse(row.payload) };
    case 'content.removed':
      return { ...base, type: row.type, payload: eventContracts[row.type].schema.parse(row.payload) };
    case 'import.completed':
      return { ...base, type: row.type, payload: eventContracts[row.type].schema.parse(row.payload) };
    case 'interactions.recorded':
      return { ...base, type: row.type, payload: eventContracts[row.type].schema.parse(row.payload) };
    case 'feed.served':
      return { ...base, type: row.type, payload: eventContracts[row.type].schema.parse(row.payload) };
    case 'experiment.changed':
      return { ...base, type: row.type, payload: eventContracts[row.type].schema.parse(row.payload) };
    case 'process.reported':
      return { ...base, type: row.type, payload: eventContracts[row.type].schema.parse(row.payload) };
    default:
      throw new Error(`Event ${row.id} has type ${row.type}, which has no contract.`);
  }
}

/** Runs consumers until stopped: woken by this process's commits, else polling with jitter. */
export class ConsumerRunner {
  readonly #database: Database;
  readonly #consumers: readonly OnceConsumer[];
  readonly #logger: Logger;
  readonly #pollMs: number;
  #loops: Promise<void>[] = [];
  #stopping = new AbortController();

  constructor(
    database: Database,
    consumers: readonly OnceConsumer[],
    { logger, pollMs = 500 }: { logger: Logger; pollMs?: number },
  ) {
    this.#database = database;
    this.#consumers = consumers;
    this.#logger = logger;
    this.#pollMs = pollMs;
  }

  start(): void {
    this.#loops = this.#consumers.map((consumer) => this.#run(consumer));
  }

  /** Ends after the batches in hand. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#loops);
  }

  async #run(consumer: OnceConsumer): Promise<void> {
    let failures = 0;
    while (!this.#stopping.signal.aborted) {
      const woken = this.#nextWake(failures);
      try {
        if (await hasPendingEvents(this.#database, consumer)) {
          const handled = await consumeOnce(this.#database, consumer);
          failures = 0;
          if (handled > 0) continue;
        }
      } catch (error) {
        failures++;
        this.#logger.error(
          { err: error, consumer: consumer.name, failures },
          'a consumer failed and will retry',
        );
      }
      await woken.promise;
    }
  }

  /** Resolves on a commit of this process, on stop, or after the poll interval, which doubles with failures. */
  #nextWake(failures: number): { promise: Promise<void> } {
    const delay = Math.min(this.#pollMs * 2 ** failures, 30_000) * (0.75 + Math.random() / 2);
    const { promise, resolve } = Promise.withResolvers<void>();
    const done = (): void => {
      clearTimeout(timer);
      this.#database.commits.off('event', wake);
      this.#stopping.signal.removeEventListener('abort', done);
      resolve();
    };
    const wake = failures === 0 ? done : () => undefined;
    const timer = setTimeout(done, delay);
    this.#database.commits.on('event', wake);
    this.#stopping.signal.addEventListener('abort', done);
    if (this.#stopping.signal.aborted) done();
    return { promise };
  }
}

/** Runs `consumer` until nothing waits; for commands and tests that must see its effect. */
export async function drainConsumer(database: Database, consumer: OnceConsumer): Promise<void> {
  while (await hasPendingEvents(database, consumer)) {
    if ((await consumeOnce(database, consumer)) === 0)
      await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
