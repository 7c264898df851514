import type { Database } from '#platform/database/database.ts';
import type { EveryConsumer } from '#platform/events/every-consumer.ts';
import type { Logger } from '#platform/logging/logger.ts';
import { fillTextVectors, type Filling } from './fill-text-vectors.ts';
import type { ServedEmbedder } from './served-embedder.ts';

/** ms until the next look, by what came of one. */
const waitMs: Record<Filling, number> = { filled: 0, held: 1_000, nothing: 30_000 };

/** ms until the next look after a failure, twice as long after each further one, up to so many times. */
const afterFailure = { ms: 1_000, doublings: 8 };

/** Fills in the vectors of changed texts; each process looks, and one at a time fills. */
export class TextVectorSchedule {
  readonly #database: Database;
  readonly #embedders: ServedEmbedder;
  readonly #logger: Logger;
  #timer: NodeJS.Timeout | null = null;
  #looking: Promise<void> = Promise.resolve();
  #stopping: AbortController | null = null;
  /** In a row. */
  #failures = 0;

  constructor(database: Database, embedders: ServedEmbedder, logger: Logger) {
    this.#database = database;
    this.#embedders = embedders;
    this.#logger = logger;
  }

  /** Looks as soon as items have changed or vectors are served. */
  get consumer(): EveryConsumer {
    return {
      name: 'feed.text-vectors',
      types: ['vectors.changed', 'model.trained'],
      handle: () => this.#nudge(),
      onGap: () => this.#nudge(),
    };
  }

  /** Looks at once and then regularly. */
  start(): void {
    this.#stopping = new AbortController();
    this.#lookIn(0);
  }

  /** Ends a filling in progress; its items stay noted. */
  async stop(): Promise<void> {
    this.#stopping?.abort();
    this.#stopping = null;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    await this.#looking;
  }

  /** A service that has just failed is left in peace. */
  #nudge(): void {
    if (this.#failures === 0) this.#lookIn(0);
  }

  #lookIn(delayMs: number): void {
    const signal = this.#stopping?.signal;
    if (signal === undefined) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      // One look after the other; a nudge during a look makes one more.
      this.#looking = this.#looking.then(() => this.#look(signal));
    }, delayMs).unref();
  }

  async #look(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const timer = this.#timer;
    const wait = await this.#fill(signal);
    // A nudge that came meanwhile stands.
    if (this.#timer === timer && !signal.aborted) this.#lookIn(wait);
  }

  /** Returns after how many ms to look again. */
  async #fill(signal: AbortSignal): Promise<number> {
    try {
      const filling = await fillTextVectors(this.#database, this.#embedders, signal);
      this.#failures = 0;
      return waitMs[filling];
    } catch (error) {
      if (signal.aborted) return 0;
      this.#logger.warn({ err: error }, 'texts were not turned into vectors and will be again');
      this.#failures++;
      return afterFailure.ms * 2 ** Math.min(this.#failures, afterFailure.doublings);
    }
  }
}
