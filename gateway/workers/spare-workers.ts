import { once } from 'node:events';
import type { Logger } from '#platform/logging/logger.ts';
import type { ForkedWorker, ForkWorker } from './fork-worker.ts';
import { RespawnBackoff } from './respawn-backoff.ts';

export interface SpareWorkersParts {
  /** How many there are to be. */
  readonly count: number;
  readonly fork: ForkWorker;
  readonly logger: Logger;
}

/**
 * Processes that stand by for a worker that dies: to start one takes seconds on a busy host, most of it for loading the
 * program. A spare has loaded it, and takes no connections and handles no events.
 */
export class SpareWorkers {
  readonly #parts: SpareWorkersParts;
  readonly #backoff = new RespawnBackoff();
  readonly #spares = new Set<ForkedWorker>();
  readonly #prepared = new Set<ForkedWorker>();
  /** Set while a spare that died is not replaced yet. */
  #timer: NodeJS.Timeout | undefined;
  #isStopping = false;

  constructor(parts: SpareWorkersParts) {
    this.#parts = parts;
  }

  /** How many could take a place at once. */
  get preparedCount(): number {
    return this.#prepared.size;
  }

  /** Forks those that are missing, unless spares have just died. */
  fill(): void {
    if (this.#timer !== undefined || this.#isStopping) return;
    while (this.#spares.size < this.#parts.count) this.#fork();
  }

  /** Gives one away, which is no spare any more; it may still have to prepare itself. Null where there is none. */
  take(): ForkedWorker | null {
    const [spare] = [...this.#prepared, ...this.#spares];
    if (spare !== undefined) this.#remove(spare);
    return spare ?? null;
  }

  /** Kills them all, since they have nothing in hand; returns when they have ended. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    clearTimeout(this.#timer);
    await Promise.all(
      [...this.#spares].map(async ({ worker }) => {
        const exited = once(worker, 'exit');
        worker.process.kill('SIGKILL');
        await exited;
      }),
    );
  }

  #fork(): void {
    this.#backoff.started();
    const spare = this.#parts.fork();
    this.#spares.add(spare);
    void this.#notePrepared(spare);
    spare.worker.once('exit', (code: number, signal: string | null) => this.#onExit(spare, { code, signal }));
  }

  async #notePrepared(spare: ForkedWorker): Promise<void> {
    await spare.prepared;
    if (this.#spares.has(spare)) this.#prepared.add(spare);
  }

  #onExit(spare: ForkedWorker, how: { code: number; signal: string | null }): void {
    if (!this.#remove(spare) || this.#isStopping) return;
    const delayMs = Math.round(this.#backoff.died());
    this.#parts.logger.error(
      { workerPid: spare.worker.process.pid, ...how, delayMs },
      'a spare worker ended and is replaced',
    );
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.fill();
    }, delayMs);
  }

  /** Returns false where it was none of the spares. */
  #remove(spare: ForkedWorker): boolean {
    this.#prepared.delete(spare);
    return this.#spares.delete(spare);
  }
}
