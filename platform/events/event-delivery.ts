import type { Config } from '../config/config.ts';
import type { Database } from '../database/database.ts';
import type { Logger } from '../logging/logger.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { CommitChannel } from './commit-channel.ts';
import { ConsumerRunner } from './consumer-runner.ts';
import { DeliveryLoop, type Rest } from './delivery-loop.ts';
import { describeFailure } from './describe-failure.ts';
import { watchLag } from './event-lag.ts';
import { deleteOldEvents } from './event-retention.ts';
import type { EveryConsumer } from './every-consumer.ts';
import type { OnceConsumer } from './once-consumer.ts';
import { TailRunner } from './tail-runner.ts';
import { WakeSignal } from './wake-signal.ts';

export interface DeliveryParts {
  readonly config: Pick<Config, 'DATABASE_URL' | 'DATABASE_DIRECT_URL'>;
  readonly database: Database;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
}

export interface Consumers {
  readonly once: readonly OnceConsumer[];
  readonly every: readonly EveryConsumer[];
}

const lagIntervalMs = 30_000;

/** Age of the oldest waiting event from which on a warning is logged. */
const warnAtMs = 60_000;

const retentionIntervalMs = 3_600_000;

/** All that one process does with events: both ways of delivery, wake-ups, the lag, and the end of old events. */
export class EventDelivery {
  readonly #parts: DeliveryParts;
  readonly #wake: WakeSignal;
  readonly #once: ConsumerRunner;
  readonly #every: TailRunner;
  readonly #channel: CommitChannel | null;
  readonly #chores: readonly DeliveryLoop[];
  readonly #stopping = new AbortController();

  constructor(parts: DeliveryParts, { once, every }: Consumers) {
    const { config, database, logger, telemetry } = parts;
    this.#parts = parts;
    this.#wake = new WakeSignal(database);
    const options = { logger, telemetry, wake: this.#wake };
    this.#once = new ConsumerRunner(database, once, options);
    this.#every = new TailRunner(database, every, options);
    // PGlite delivers no notifications through its socket; its processes are woken by their own commits, and poll.
    const connectionString = config.DATABASE_DIRECT_URL ?? config.DATABASE_URL;
    this.#channel =
      database.kind === 'pglite' || connectionString === undefined
        ? null
        : new CommitChannel(database, { connectionString, wake: this.#wake, logger });
    this.#chores = [
      this.#chore(lagIntervalMs, 'the lag of events could not be measured', () =>
        watchLag(database, once, { logger, telemetry, warnAtMs }),
      ),
      this.#chore(retentionIntervalMs, 'old events could not be deleted', () =>
        deleteOldEvents(database, { signal: this.#stopping.signal }),
      ),
    ];
  }

  /** Takes the place from which on `every` consumers get events; call it before they load what events change. */
  open(): Promise<void> {
    return this.#every.open();
  }

  /** Begins to deliver. Call `open` before. */
  start(): void {
    this.#once.start();
    this.#every.start();
    this.#channel?.start();
    for (const chore of this.#chores) chore.start();
  }

  /** Ends after the batches in hand. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all([
      this.#once.stop(),
      this.#every.stop(),
      this.#channel?.stop(),
      ...this.#chores.map((chore) => chore.stop()),
    ]);
    this.#wake.close();
  }

  #chore(ms: number, complaint: string, work: () => Promise<unknown>): DeliveryLoop {
    const rest: Rest = { ms, wakeable: false };
    return new DeliveryLoop(this.#wake, [], async () => {
      try {
        await work();
      } catch (error) {
        this.#parts.logger.warn({ failure: describeFailure(error) }, complaint);
      }
      return rest;
    });
  }
}
