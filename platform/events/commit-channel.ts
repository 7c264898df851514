import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { z } from 'zod';
import type { Database } from '../database/database.ts';
import type { Logger } from '../logging/logger.ts';
import { describeFailure } from './describe-failure.ts';
import type { WakeSignal } from './wake-signal.ts';

export interface ChannelOptions {
  /** A way to PostgreSQL without a pooler, which would lose the LISTEN. */
  readonly connectionString: string;
  readonly wake: WakeSignal;
  readonly logger: Logger;
  /** Milliseconds before the first attempt to connect again; doubles up to 30 s. */
  readonly reconnectMs?: number;
}

/** Milliseconds in which the commits of a process make one notification. */
const gatherMs = 25;

const longestReconnectMs = 30_000;

const notificationSchema = z.object({ sender: z.string(), types: z.array(z.string()).nullable() });

/**
 * Wakes the processes on one another's commits. Only a hint that saves waiting for the next poll: what it loses while the
 * connection is down comes with that. Notifications are sent after the commits and apart from them, because PostgreSQL
 * lets transactions that notify commit one at a time.
 */
export class CommitChannel {
  readonly #database: Database;
  readonly #options: Required<ChannelOptions>;
  /** Names this process, which has no need of its own notifications. */
  readonly #sender = randomUUID();
  readonly #stopping = new AbortController();
  #listening: Promise<void> = Promise.resolve();
  #gathering: NodeJS.Timeout | undefined;
  /** What was committed since the last notification; null where it is not known. */
  #gathered: Set<string> | null = new Set();
  #endConnection: (() => void) | null = null;

  constructor(database: Database, options: ChannelOptions) {
    this.#database = database;
    this.#options = { reconnectMs: 500, ...options };
  }

  start(): void {
    this.#database.commits.on('event', this.#announce);
    this.#listening = this.#listen();
  }

  async stop(): Promise<void> {
    this.#database.commits.off('event', this.#announce);
    clearTimeout(this.#gathering);
    this.#stopping.abort();
    this.#endConnection?.();
    await this.#listening;
  }

  readonly #announce = (types: readonly string[] | null): void => {
    if (types === null) this.#gathered = null;
    else for (const type of types) this.#gathered?.add(type);
    this.#gathering ??= setTimeout(() => {
      const notification = {
        sender: this.#sender,
        types: this.#gathered === null ? null : [...this.#gathered],
      };
      this.#gathering = undefined;
      this.#gathered = new Set();
      this.#database.pool
        .query(`SELECT pg_notify('bouquet_events', $1)`, [JSON.stringify(notification)])
        .catch((error: unknown) => this.#warn(error, 'other processes could not be told of new events'));
    }, gatherMs);
  };

  async #listen(): Promise<void> {
    const { signal } = this.#stopping;
    let failures = 0;
    while (!signal.aborted) {
      try {
        await this.#listenUntilLost(() => {
          failures = 0;
        });
      } catch (error) {
        this.#warn(error, 'the connection that listens for events was lost');
      }
      const rest = Math.min(this.#options.reconnectMs * 2 ** failures++, longestReconnectMs);
      await sleep(rest * (0.75 + Math.random() / 2), undefined, { signal }).catch(() => undefined);
    }
  }

  /** Returns when told to stop. @throws when the connection cannot be made, or is lost. */
  async #listenUntilLost(onListening: () => void): Promise<void> {
    const client = new pg.Client({
      connectionString: this.#options.connectionString,
      application_name: 'bouquet events',
      connectionTimeoutMillis: 10_000,
      keepAlive: true,
    });
    const { promise: ended, resolve, reject } = Promise.withResolvers<void>();
    // It may fail before anybody waits for it.
    ended.catch(() => undefined);
    client.on('error', reject);
    client.on('end', () => reject(new Error('The connection was closed.')));
    client.on('notification', ({ payload }) => {
      const { sender, types } = readNotification(payload);
      if (sender !== this.#sender) this.#options.wake.wake(types);
    });
    this.#endConnection = resolve;
    try {
      await client.connect();
      await client.query('LISTEN bouquet_events');
      onListening();
      // Something may have been committed before.
      this.#options.wake.wake(null);
      if (!this.#stopping.signal.aborted) await ended;
    } finally {
      this.#endConnection = null;
      await client.end().catch(() => undefined);
    }
  }

  #warn(error: unknown, message: string): void {
    this.#options.logger.warn({ failure: describeFailure(error) }, message);
  }
}

/** What a notification says; one that cannot be read, as of another release, may tell of anything. */
function readNotification(payload = ''): z.infer<typeof notificationSchema> {
  try {
    return notificationSchema.parse(JSON.parse(payload));
  } catch {
    return { sender: '', types: null };
  }
}
