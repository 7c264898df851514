import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '#platform/logging/logger.ts';
import { withDeadline } from '#platform/resilience/with-deadline.ts';
import { poll } from '#platform/resilience/poll.ts';
import type { KeySnapshot, KeySource, StoredClientKey } from './read-keys.ts';
import type { StoredKey } from './stored-key.ts';

export interface KeyDirectoryParts {
  readonly source: KeySource;
  readonly logger: Logger;
}

export interface KeyDirectoryTiming {
  /** Milliseconds between two looks at the database, give or take a tenth. */
  readonly pollMs: number;
  /** Milliseconds for which the keys serve on while the database does not answer. */
  readonly maxAgeMs: number;
  /** Milliseconds between two looks that an unknown key asks for. */
  readonly missPauseMs: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Milliseconds that a request waits for a look at most. */
const missDeadlineMs = 1_000;

const standardTiming: KeyDirectoryTiming = {
  pollMs: 2_000,
  maxAgeMs: 60_000,
  missPauseMs: 200,
  now: Date.now,
};

/**
 * Every API key and client key in memory, a few thousand at most, so that a request with a key asks no database. A cheap
 * look at one row every two seconds tells of a change, so that a revoked key is refused within 5 s on every process.
 */
export class KeyDirectory {
  readonly #parts: KeyDirectoryParts;
  readonly #timing: KeyDirectoryTiming;
  #snapshot: KeySnapshot = { version: '', keys: new Map(), clientKeys: new Map() };
  /** When the last look that was answered had begun. */
  #seenAt = Number.NEGATIVE_INFINITY;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #looking: Promise<void> | null = null;
  /** A look that has not begun. */
  #lookForMiss: Promise<void> | null = null;
  #failing = false;
  #stopPolling = (): void => undefined;

  constructor(parts: KeyDirectoryParts, timing: Partial<KeyDirectoryTiming> = {}) {
    this.#parts = parts;
    this.#timing = { ...standardTiming, ...timing };
  }

  /** Reads the keys and goes on looking for changes. */
  async start(): Promise<void> {
    await this.refresh();
    this.#stopPolling = poll(this.#timing.pollMs, () => this.refresh());
  }

  stop(): void {
    this.#stopPolling();
  }

  /** Whether the keys are too old to be told from revoked ones, because the database has not answered for a minute. */
  get isStale(): boolean {
    return this.#timing.now() - this.#seenAt > this.#timing.maxAgeMs;
  }

  /** The API key by its public id, null where there is none. */
  get(id: string): StoredKey | null {
    return this.#snapshot.keys.get(id) ?? null;
  }

  /** The client key by its text, null where there is none. */
  clientKey(text: string): StoredClientKey | null {
    return this.#snapshot.clientKeys.get(text) ?? null;
  }

  /**
   * Looks for changes because of a key or a secret that is not there: it may have been made since the last look. However
   * many ask, there is one look in `missPauseMs`. Returns whether the database has answered it within a second.
   */
  async refreshForMiss(): Promise<boolean> {
    this.#lookForMiss ??= this.#lookAfterPause();
    return withDeadline(missDeadlineMs, () => this.#lookForMiss ?? Promise.resolve()).then(
      () => !this.#failing,
      () => false,
    );
  }

  /** Takes over what has changed; a failure is logged and leaves the keys as they are. */
  refresh(): Promise<void> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = null;
    });
    return this.#looking;
  }

  async #lookAfterPause(): Promise<void> {
    const { now, missPauseMs } = this.#timing;
    await sleep(Math.max(0, this.#lookedAt + missPauseMs - now()));
    await this.#looking;
    // Whoever asks from here on may ask for a key that is younger than this look.
    this.#lookForMiss = null;
    await this.refresh();
  }

  async #look(): Promise<void> {
    const { source, logger } = this.#parts;
    const start = this.#timing.now();
    this.#lookedAt = start;
    try {
      if ((await source.version()) !== this.#snapshot.version) this.#snapshot = await source.read();
      this.#seenAt = start;
      if (this.#failing) logger.info('the API keys are read again');
      this.#failing = false;
    } catch (error) {
      if (!this.#failing)
        logger.warn({ err: error }, 'the API keys cannot be read; the last known ones serve on');
      this.#failing = true;
    }
  }
}
