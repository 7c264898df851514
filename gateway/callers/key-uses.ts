import type { Database } from '#platform/database/database.ts';
import type { Logger } from '#platform/logging/logger.ts';

const flushMs = 60_000;

/** Writes down when each key was last used: one statement a minute, whatever the traffic. */
export class KeyUses {
  readonly #database: Pick<Database, 'pool'>;
  readonly #logger: Logger;
  readonly #usedAt = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;

  constructor({ database, logger }: { database: Pick<Database, 'pool'>; logger: Logger }) {
    this.#database = database;
    this.#logger = logger;
  }

  start(): void {
    this.#timer = setInterval(() => void this.#flush(), flushMs);
    this.#timer.unref();
  }

  /** Writes what is left. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#flush();
  }

  /** `atMs` is in milliseconds since 1970. */
  record(keyId: string, atMs: number): void {
    this.#usedAt.set(keyId, atMs);
  }

  async #flush(): Promise<void> {
    if (this.#usedAt.size === 0) return;
    const uses = [...this.#usedAt];
    this.#usedAt.clear();
    try {
      await this.#database.pool.query(
        `INSERT INTO gateway.api_key_use (key_id, last_used_at)
         SELECT u.id, to_timestamp(u.ms / 1000) FROM unnest($1::text[], $2::float8[]) AS u (id, ms)
         JOIN gateway.api_key USING (id)
         ON CONFLICT (key_id) DO UPDATE SET last_used_at = greatest(api_key_use.last_used_at, excluded.last_used_at)`,
        [uses.map(([id]) => id), uses.map(([, ms]) => ms)],
      );
    } catch (error) {
      // Who uses a key often is written down the next time.
      this.#logger.warn({ err: error }, 'the last use of API keys could not be written');
    }
  }
}
