import type { Database } from '../database/database.ts';
import type { EventType } from './contracts.ts';

/** Tells the loops of a process that events of theirs may have been committed, by this process or by another. */
export class WakeSignal {
  readonly #listeners = new Map<() => void, ReadonlySet<string>>();
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
    database.commits.on('event', this.wake);
  }

  /** Wakes who waits for one of `types`, or everybody where it is not known what was committed. */
  readonly wake = (types: readonly string[] | null): void => {
    for (const [listener, wanted] of this.#listeners) {
      if (types === null || types.some((type) => wanted.has(type))) listener();
    }
  };

  /** Calls `listener` at each wake-up by one of `types`; returns how to end that. */
  subscribe(types: readonly EventType[], listener: () => void): () => void {
    this.#listeners.set(listener, new Set(types));
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    this.#database.commits.off('event', this.wake);
  }
}
