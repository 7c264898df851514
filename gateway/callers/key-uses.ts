import type { Database } from '#platform/database/database.ts';
import type { Logger } from '#platform/logging/logger.ts';

/** When keys were used: public ids and milliseconds since 1970. */
export type UseTimes = readonly (readonly [keyId: string, atMs: number])[];

export interface KeyUsesParts {
  readonly write: (uses: UseTimes) => Promise<unknown>;
  readonly logger: Logger;
}

const flushMs = 60_000;

/** Writes down when each key was last used: one statement a minute, whatever the traffic. */
export class KeyUses {
  readonly #parts: KeyUsesParts;
  readonly #usedAt = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: KeyUsesParts) {
    this.#parts = parts;
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
      await this.#parts.write(uses);
    } catch (error) {
      // Who uses a key often is written down the next time.
      this.#parts.logger.warn({ err: error }, 'the last use of API keys could not be written');
    }
  }
}

/** Stores the uses of keys that there still are; an earlier use never replaces a later one. */
export async function writeUses({ pool }: Pick<Database, 'pool'>, uses: UseTimes): Promise<void> {
  await pool.query(
    `INSERT INTO gateway.api_key_use (key_id, last_used_at)
     SELECT u.id, to_timestamp(u.ms / 1000) FROM unnest($1::text[], $2::float8[]) AS u (id, ms)
     JOIN gateway.api_key USING (id)
     ON CONFLICT (key_id) DO UPDATE SET last_used_at = greatest(api_key_use.last_used_at, excluded.last_used_at)`,
    [uses.map(([id]) => id), uses.map(([, ms]) => ms)],
  );
}
