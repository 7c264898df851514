import { createClient } from '@redis/client';
import type { Logger } from '../logging/logger.ts';

export type RedisClient = ReturnType<typeof connect>;

/** How long a connection may take to come about, in ms. */
const connectTimeoutMs = 500;
/** The longest pause between two attempts to connect, in ms. */
const longestPauseMs = 2_000;

/**
 * The one connection to Redis of a process, which is made when somebody first asks for the client. Without Redis every
 * command fails at once and nothing waits, while attempts to connect go on with pauses that double.
 */
export class RedisConnection {
  readonly #url: string;
  readonly #logger: Logger;
  #client: RedisClient | undefined;

  constructor(url: string, logger: Logger) {
    this.#url = url;
    this.#logger = logger;
  }

  /** The client; its `isReady` tells whether Redis is there. */
  client(): RedisClient {
    this.#client ??= connect(this.#url, this.#logger);
    return this.#client;
  }

  /** Ends the connection; commands on their way fail. */
  close(): void {
    if (this.#client?.isOpen === true) this.#client.destroy();
  }
}

function connect(url: string, logger: Logger) {
  const client = createClient({
    url,
    disableOfflineQueue: true,
    socket: { connectTimeout: connectTimeoutMs, reconnectStrategy: pauseMs },
  });
  // The host alone: the URL may carry a password.
  const { host } = new URL(url);
  let connected: boolean | null = null;
  client.on('error', (error: Error) => {
    if (connected !== false) logger.warn({ redis: host, reason: error.message }, 'Redis does not answer');
    connected = false;
  });
  client.on('ready', () => {
    if (connected === false) logger.warn({ redis: host }, 'Redis answers again');
    connected = true;
  });
  // Fails only when the connection is closed before it has come about; attempts that fail are told above.
  client.connect().catch(() => undefined);
  return client;
}

/** Milliseconds until the next attempt: doubling, and scattered, so that processes do not come back all at once. */
function pauseMs(retries: number): number {
  return Math.min(25 * 2 ** retries, longestPauseMs) * (0.5 + Math.random() / 2);
}
