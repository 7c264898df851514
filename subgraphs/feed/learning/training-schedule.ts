import type { Database } from '#platform/database/database.ts';
import type { Logger } from '#platform/logging/logger.ts';
import { claimTraining, releaseTraining } from './model-version.ts';
import { trainItemNeighbours } from './train-item-neighbours.ts';

/** Trains the item-to-item model whenever it is due, one process at a time. */
export class TrainingSchedule {
  readonly #database: Database;
  readonly #logger: Logger;
  readonly #checkMs: number;
  #timer: NodeJS.Timeout | null = null;
  #training: Promise<void> | null = null;
  #stopping = new AbortController();

  /** Looks every `checkMs` ms whether a training is due. */
  constructor(database: Database, logger: Logger, { checkMs = 60_000 }: { checkMs?: number } = {}) {
    this.#database = database;
    this.#logger = logger;
    this.#checkMs = checkMs;
  }

  /** Looks at once and then regularly. */
  start(): void {
    this.#stopping = new AbortController();
    this.#checkIn(0);
  }

  /** Looks in a moment, because an event that asks for a training is about to be committed. */
  nudge(): void {
    if (this.#timer !== null) this.#checkIn(1_000);
  }

  /** Ends a training in progress, of which nothing is served. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    await this.#training;
  }

  #checkIn(delayMs: number): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#training ??= this.#trainIfDue().finally(() => {
        this.#training = null;
      });
      if (!this.#stopping.signal.aborted) this.#checkIn(this.#checkMs);
    }, delayMs).unref();
  }

  async #trainIfDue(): Promise<void> {
    try {
      if (!(await claimTraining(this.#database))) return;
      try {
        const trained = await trainItemNeighbours(this.#database, { signal: this.#stopping.signal });
        this.#logger.info(trained, 'item neighbours were trained');
      } finally {
        await releaseTraining(this.#database);
      }
    } catch (error) {
      if (this.#stopping.signal.aborted) return;
      this.#logger.error({ err: error }, 'item neighbours were not trained and will be again');
    }
  }
}
