import type { Database } from '../database/database.ts';
import type { Logger } from '../logging/logger.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { markSeen } from './consumer-registry.ts';
import type { SetAside } from './dead-letters.ts';
import { DeliveryLoop, restWhileHeldBack, type Rest, type RunnerOptions } from './delivery-loop.ts';
import { describeFailure } from './describe-failure.ts';
import {
  BatchFailure,
  consumeBatch,
  fullBatch,
  pendingEvents,
  setNextAside,
  setPutBackAside,
  type FailedBatch,
  type OnceConsumer,
} from './once-consumer.ts';
import { RetryPolicy } from './retry-policy.ts';

/** A consumer is marked as seen this often; retention forgets one after a month. */
const seenIntervalMs = 3_600_000;

interface ConsumerState {
  readonly policy: RetryPolicy;
  /** The last batch was as large as it could be, so that the next is tried without a look first. */
  mayHaveMore: boolean;
  /** Passes in a row that saw an event held back. */
  heldBack: number;
}

/** What is known of a batch whose events were not read, or are not the next ones. */
const unread: FailedBatch = { eventIds: [], isPutBack: false, transient: true };

/**
 * Runs `once` consumers until stopped: woken by commits, else polling with jitter. An event that fails again and again is
 * set aside.
 */
export class ConsumerRunner {
  readonly #database: Database;
  readonly #consumers: readonly OnceConsumer[];
  readonly #logger: Logger;
  readonly #telemetry: Telemetry | undefined;
  readonly #pollMs: number;
  readonly #loops: readonly DeliveryLoop[];

  constructor(
    database: Database,
    consumers: readonly OnceConsumer[],
    { logger, telemetry, pollMs = 500, wake }: RunnerOptions,
  ) {
    this.#database = database;
    this.#consumers = consumers;
    this.#logger = logger;
    this.#telemetry = telemetry;
    this.#pollMs = pollMs;
    this.#loops = [
      new DeliveryLoop(wake, [], () => this.#markSeen()),
      ...consumers.map((consumer) => {
        const policy = new RetryPolicy({ fullBatch, pollMs });
        const state = { policy, mayHaveMore: false, heldBack: 0 };
        return new DeliveryLoop(wake, consumer.gathers === true ? [] : consumer.types, () =>
          this.#pass(consumer, state),
        );
      }),
    ];
  }

  start(): void {
    for (const loop of this.#loops) loop.start();
  }

  /** Ends after the batches in hand. */
  async stop(): Promise<void> {
    await Promise.all(this.#loops.map((loop) => loop.stop()));
  }

  async #pass(consumer: OnceConsumer, state: ConsumerState): Promise<Rest | null> {
    const { policy, mayHaveMore } = state;
    const poll: Rest = { ms: this.#pollMs, wakeable: true };
    state.mayHaveMore = false;
    try {
      const pending = mayHaveMore ? 'ready' : await pendingEvents(this.#database, consumer);
      if (pending === 'held-back' && consumer.gathers !== true)
        return restWhileHeldBack(state.heldBack++, this.#pollMs);
      state.heldBack = 0;
      if (pending !== 'ready') return poll;
      const { passed, setAside } = await consumeBatch(this.#database, consumer, policy.limit);
      for (const letter of setAside) this.#report(consumer, letter);
      // Another process holds the lease.
      if (passed === 0) return poll;
      state.mayHaveMore = passed === policy.limit;
      policy.succeeded(passed);
      return null;
    } catch (error) {
      return this.#recover(consumer, policy, error);
    }
  }

  /** What follows a failure: a rest, or null to go on at once. */
  async #recover(consumer: OnceConsumer, policy: RetryPolicy, error: unknown): Promise<Rest | null> {
    const { batch, cause } = error instanceof BatchFailure ? error : { batch: unread, cause: error };
    const failure = describeFailure(cause);
    try {
      const [first] = batch.eventIds;
      if (batch.isPutBack && !batch.transient && first !== undefined) {
        const again = { failure, attempts: 1, firstFailedAt: new Date() };
        this.#report(consumer, await setPutBackAside(this.#database, consumer, first, again));
        return null;
      }
      const step = policy.failed(batch.isPutBack ? unread : batch);
      if (step.kind === 'set-aside') {
        const letter = await setNextAside(this.#database, consumer, step.eventId, {
          ...step.history,
          failure,
        });
        this.#report(consumer, letter);
        if (letter === null) return { ms: this.#pollMs, wakeable: false };
        policy.wasSetAside();
        return null;
      }
      this.#warn(consumer, failure);
      return step.kind === 'rest' ? { ms: step.ms, wakeable: false } : null;
    } catch (writeError) {
      this.#warn(consumer, describeFailure(writeError));
      return { ms: this.#pollMs, wakeable: false };
    }
  }

  #report(consumer: OnceConsumer, letter: SetAside | null): void {
    if (letter === null) return;
    this.#telemetry?.recordEventFailure(consumer.name, 'set-aside');
    this.#logger.error(
      { consumer: consumer.name, ...letter, eventId: String(letter.eventId) },
      'an event was set aside as a dead letter',
    );
  }

  #warn(consumer: OnceConsumer, failure: string): void {
    this.#logger.warn({ consumer: consumer.name, failure }, 'a consumer failed and will retry');
  }

  async #markSeen(): Promise<Rest> {
    try {
      await markSeen(this.#database, this.#consumers);
    } catch (error) {
      this.#logger.warn(
        { failure: describeFailure(error) },
        'the event consumers could not be marked as seen',
      );
    }
    return { ms: seenIntervalMs, wakeable: false };
  }
}
