import type { Database } from '#platform/database/database.ts';
import type { Logger } from '#platform/logging/logger.ts';
import { completeErasures } from './complete-erasures.ts';

export interface ErasureScheduleOptions {
  readonly clock: () => Date;
  /** ms between two looks while an erasure is under way. */
  readonly busyMs?: number;
  /** ms between two looks while none is known. */
  readonly idleMs?: number;
}

/** Completes erasures as soon as it can be done; every process of the feed looks. */
export class ErasureSchedule {
  readonly #database: Database;
  readonly #logger: Logger;
  readonly #options: Required<ErasureScheduleOptions>;
  #timer: NodeJS.Timeout | null = null;
  #running: Promise<void> = Promise.resolve();
  #isStopped = true;

  constructor(
    database: Database,
    logger: Logger,
    { clock, busyMs = 1_000, idleMs = 30_000 }: ErasureScheduleOptions,
  ) {
    this.#database = database;
    this.#logger = logger;
    this.#options = { clock, busyMs, idleMs };
  }

  start(): void {
    this.#isStopped = false;
    this.#lookIn(0);
  }

  /** Looks in a moment, because a confirmation is about to be committed. */
  nudge(): void {
    if (!this.#isStopped) this.#lookIn(50);
  }

  /** Ends after the erasure in hand. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    await this.#running;
  }

  #lookIn(delayMs: number): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      // One look after the other; a nudge during a look makes one more.
      this.#running = this.#running.then(() => this.#look());
    }, delayMs).unref();
  }

  async #look(): Promise<void> {
    const timer = this.#timer;
    let pending = 1;
    try {
      pending = await completeErasures(this.#database, this.#options.clock);
    } catch (error) {
      this.#logger.error({ err: error }, 'erasures were not completed and will be again');
    }
    const { busyMs, idleMs } = this.#options;
    // A nudge that came meanwhile stands.
    if (this.#timer === timer && !this.#isStopped) this.#lookIn(pending > 0 ? busyMs : idleMs);
  }
}
