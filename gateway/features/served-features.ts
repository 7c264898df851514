import type { EveryConsumer } from '#platform/events/every-consumer.ts';
import type { Logger } from '#platform/logging/logger.ts';
import { withDeadline } from '#platform/resilience/with-deadline.ts';
import type { FeatureSet } from '../../subgraphs/experiments/index.ts';
import { poll } from '#platform/resilience/poll.ts';
import { payloadOf, type FeaturesPayload } from './features-payload.ts';

export interface ServedFeaturesParts {
  /** The features; null where nothing has changed since `known`. */
  readonly read: (known: Date | null) => Promise<FeatureSet | null>;
  readonly logger: Logger;
  /** Milliseconds between two looks, give or take a tenth; 2 s where it is absent. */
  readonly pollMs?: number;
}

/** Milliseconds for one look, so that a connection that hangs does not hide changes for long. */
const lookTimeoutMs = 5_000;

/** The features as SDKs read them, in memory. While the database does not answer, the last ones stay. */
export class ServedFeatures {
  readonly #parts: Required<ServedFeaturesParts>;
  #payload: FeaturesPayload | null = null;
  #changedAt: Date | null = null;
  #looking: Promise<void> = Promise.resolve();
  /** A look that has not begun. */
  #next: Promise<void> | null = null;
  #failing = false;
  #stopPolling = (): void => undefined;

  constructor(parts: ServedFeaturesParts) {
    this.#parts = { pollMs: 2_000, ...parts };
  }

  /** Null until the features have been read once. */
  get payload(): FeaturesPayload | null {
    return this.#payload;
  }

  /** Makes a change known without waiting for the next look; what it misses, that look finds. */
  get consumer(): EveryConsumer {
    return {
      name: 'gateway.features',
      types: ['experiment.changed'],
      handle: () => this.refresh(),
      onGap: () => this.refresh(),
    };
  }

  /** Reads the features and goes on looking for changes. */
  async start(): Promise<void> {
    await this.refresh();
    this.#stopPolling = poll(this.#parts.pollMs, () => this.refresh());
  }

  async stop(): Promise<void> {
    this.#stopPolling();
    await this.#looking;
  }

  /** Takes over what has changed up to now; a failure is logged and leaves the features as they are. */
  refresh(): Promise<void> {
    // A look under way may have read before the change that this one is about. Whoever comes meanwhile shares the next.
    this.#next ??= this.#looking.then(() => {
      this.#next = null;
      this.#looking = this.#look();
      return this.#looking;
    });
    return this.#next;
  }

  async #look(): Promise<void> {
    const { read, logger } = this.#parts;
    try {
      const set = await withDeadline(lookTimeoutMs, () => read(this.#changedAt));
      if (set !== null) {
        this.#payload = await payloadOf(set);
        this.#changedAt = set.changedAt;
      }
      if (this.#failing) logger.info('the features of SDKs are read again');
      this.#failing = false;
    } catch (error) {
      if (!this.#failing)
        logger.warn({ err: error }, 'the features of SDKs cannot be read; the last known ones serve on');
      this.#failing = true;
    }
  }
}
