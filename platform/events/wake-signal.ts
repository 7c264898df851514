import type { Database } from '../database/database.ts';

/** Tells the loops of a process that events may have been committed, by this process or by another. */
export class WakeSignal {
  readonly #listeners = new Set<() => void>();
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
    database.commits.on('event', this.wake);
  }

  readonly wake = (): void => {
    for (const listener of this.#listeners) listener();
  };

  /** Calls `listener` at each wake-up; returns how to end that. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    this.#database.commits.off('event', this.wake);
  }
}
