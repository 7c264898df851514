import { z } from 'zod';
import type { Database } from '../database/database.ts';
import type { Logger } from '../logging/logger.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { DeliveryLoop, restWhileHeldBack, type Rest, type RunnerOptions } from './delivery-loop.ts';
import { describeFailure } from './describe-failure.ts';
import { parseRows, type EventRow } from './event-row.ts';
import type { EveryConsumer } from './every-consumer.ts';
import { isBefore, positionOf, readOutbox, type Position } from './outbox-reader.ts';
import type { WakeSignal } from './wake-signal.ts';

/** Events of one call at most. */
const fullBatch = 500;

/** Failed tries of a batch, with growing rests, before its events are tried one by one. */
const maxTries = 3;

const longestRestMs = 30_000;

/** One consumer's place, which no other process knows of. */
interface Tail {
  readonly consumer: EveryConsumer;
  /** Null until the database has told it. */
  position: Position | null;
  /** Failed passes in a row, for whatever reason. */
  failures: number;
  /** Passes in a row that saw an event held back. */
  heldBack: number;
  /** Failed tries of the batch at `position`. */
  tries: number;
  /** Events passed by that `onGap` has not been told of. */
  hasGap: boolean;
}

/** Gives `every` consumers the events that are committed from `open` on, each process for itself. */
export class TailRunner {
  readonly #database: Database;
  readonly #consumers: readonly EveryConsumer[];
  readonly #logger: Logger;
  readonly #telemetry: Telemetry | undefined;
  readonly #pollMs: number;
  readonly #wake: WakeSignal;
  #position: Position | null = null;
  #isOpen = false;
  #loops: readonly DeliveryLoop[] = [];

  constructor(
    database: Database,
    consumers: readonly EveryConsumer[],
    { logger, telemetry, pollMs = 500, wake }: RunnerOptions,
  ) {
    this.#database = database;
    this.#consumers = consumers;
    this.#logger = logger;
    this.#telemetry = telemetry;
    this.#pollMs = pollMs;
    this.#wake = wake;
  }

  /**
   * Takes the place from which on events are delivered. What a consumer loads afterwards, together with the events, misses
   * nothing. Where the database does not answer, each consumer takes a place once it does, and is told of a gap.
   */
  async open(): Promise<void> {
    this.#isOpen = true;
    try {
      this.#position = await this.#presentPosition();
    } catch (error) {
      this.#logger.warn(
        { failure: describeFailure(error) },
        'the place from which on events are delivered is not known yet',
      );
    }
  }

  async #presentPosition(): Promise<Position> {
    // Whatever commits from now on has a transaction id of at least this.
    const [row] = await this.#database.prisma.$queryRaw<unknown[]>`
      SELECT (pg_snapshot_xmin(pg_current_snapshot())::text)::bigint AS xid`;
    return { ...z.object({ xid: z.bigint() }).parse(row), eventId: 0n };
  }

  /** Begins to deliver. Call `open` before. */
  start(): void {
    const position = this.#position;
    if (!this.#isOpen) throw new Error('The tail has to be opened before it is started.');
    this.#loops = this.#consumers.map((consumer) => {
      const tail: Tail = { consumer, position, failures: 0, heldBack: 0, tries: 0, hasGap: false };
      return new DeliveryLoop(this.#wake, consumer.types, () => this.#pass(tail));
    });
    for (const loop of this.#loops) loop.start();
  }

  /** Ends after the batches in hand. */
  async stop(): Promise<void> {
    await Promise.all(this.#loops.map((loop) => loop.stop()));
  }

  async #pass(tail: Tail): Promise<Rest | null> {
    const { consumer } = tail;
    try {
      if (tail.position === null) {
        tail.position = await this.#presentPosition();
        tail.hasGap = true;
      }
      const { rows, horizon, deleted, heldBack } = await readOutbox(this.#database.prisma, {
        types: consumer.types,
        after: tail.position,
        limit: fullBatch,
      });
      if (isBefore(tail.position, deleted)) {
        tail.hasGap = true;
        tail.position = deleted;
        return null;
      }
      await this.#deliver(tail, rows);
      const last = rows.at(-1);
      // What is left of a page that is not full is of no interest, up to the horizon.
      tail.position = last !== undefined && rows.length === fullBatch ? positionOf(last) : horizon;
      if (tail.hasGap) await this.#tellGap(tail);
      tail.failures = 0;
      if (rows.length === fullBatch) return null;
      if (heldBack) return restWhileHeldBack(tail.heldBack++, this.#pollMs);
      tail.heldBack = 0;
      return { ms: this.#pollMs, wakeable: true };
    } catch (error) {
      tail.failures++;
      this.#logger.warn(
        { consumer: consumer.name, failure: describeFailure(error) },
        'a consumer of every event failed and will retry',
      );
      return { ms: Math.min(this.#pollMs * 2 ** tail.failures, longestRestMs), wakeable: false };
    }
  }

  /** @throws what the consumer throws, while the batch shall be tried again as a whole. */
  async #deliver(tail: Tail, rows: readonly EventRow[]): Promise<void> {
    const { events, broken } = parseRows(rows);
    if (events.length > 0) {
      try {
        await tail.consumer.handle(events);
      } catch (error) {
        tail.tries++;
        if (tail.tries < maxTries) throw error;
        for (const event of events) {
          try {
            await tail.consumer.handle([event]);
          } catch (eventError) {
            this.#skip(tail, event, eventError);
          }
        }
      }
    }
    tail.tries = 0;
    for (const { row, error } of broken) this.#skip(tail, row, error);
  }

  #skip(tail: Tail, { id, type }: { id: bigint; type: string }, error: unknown): void {
    const { consumer } = tail;
    tail.hasGap = true;
    this.#telemetry?.recordEventFailure(consumer.name, 'skipped');
    this.#logger.error(
      { consumer: consumer.name, eventId: String(id), type, failure: describeFailure(error) },
      'an event was skipped by a consumer of every event',
    );
  }

  async #tellGap(tail: Tail): Promise<void> {
    this.#logger.warn({ consumer: tail.consumer.name }, 'events passed a consumer by; it rebuilds');
    await tail.consumer.onGap();
    tail.hasGap = false;
  }
}
