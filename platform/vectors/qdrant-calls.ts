import { QdrantClient } from '@qdrant/js-client-rest';
import {
  BrokenCircuitError,
  BulkheadRejectedError,
  bulkhead,
  handleWhen,
  timeout,
  TimeoutStrategy,
} from 'cockatiel';
import { breakerRestMs, createBreaker } from '../resilience/circuit-breaker.ts';
import { failureOf } from './qdrant-failure.ts';
import { VectorIndexError } from './vector-index-error.ts';

export interface QdrantConnection {
  /** Without a port it is 6333. */
  readonly url: string;
  readonly apiKey?: string | undefined;
  /** How long a search, or a step of one, may take, in ms. */
  readonly searchMs?: number;
  /** How long one request that writes may take, in ms. */
  readonly writeMs?: number;
}

export type QdrantCall<T> = (client: QdrantClient) => Promise<T>;

/** Requests at a time, and waiting for one of them to end. */
const concurrent = { calls: 32, waiting: 256 };

/** Calls to a Qdrant server, each with a deadline, behind one breaker, and with errors that say what is wrong. */
export class QdrantCalls {
  readonly #searches: QdrantClient;
  readonly #writes: QdrantClient;
  readonly #searchMs: number;
  readonly #writeMs: number;
  readonly #bulkhead = bulkhead(concurrent.calls, concurrent.waiting);
  readonly #breaker = createBreaker(
    handleWhen((error) => error instanceof VectorIndexError && error.reason === 'UNAVAILABLE'),
  );

  constructor({ url, apiKey, searchMs = 1000, writeMs = 30_000 }: QdrantConnection) {
    this.#searchMs = searchMs;
    this.#writeMs = writeMs;
    this.#searches = connect(url, apiKey, searchMs);
    this.#writes = connect(url, apiKey, writeMs);
  }

  /** A request that a search waits for. */
  read<T>(call: QdrantCall<T>): Promise<T> {
    return this.#call(this.#searches, this.#searchMs, call);
  }

  /** A request that may take longer, whether it writes or not. */
  write<T>(call: QdrantCall<T>): Promise<T> {
    return this.#call(this.#writes, this.#writeMs, call);
  }

  async #call<T>(client: QdrantClient, ms: number, call: QdrantCall<T>): Promise<T> {
    const deadline = timeout(ms, TimeoutStrategy.Aggressive);
    const attempt = async (): Promise<T> => {
      try {
        return await deadline.execute(({ signal }) => this.#bulkhead.execute(() => call(client), signal));
      } catch (error) {
        if (error instanceof BulkheadRejectedError) {
          throw new VectorIndexError('BUSY', 'Too many requests to Qdrant wait already.', { cause: error });
        }
        throw failureOf(error, ms);
      }
    };
    try {
      return await this.#breaker.execute(attempt);
    } catch (error) {
      if (!(error instanceof BrokenCircuitError)) throw error;
      const seconds = breakerRestMs / 1000;
      const message = `Qdrant failed too often; it is tried again within ${seconds} s.`;
      throw new VectorIndexError('UNAVAILABLE', message, { cause: error });
    }
  }
}

function connect(url: string, apiKey: string | undefined, timeoutMs: number): QdrantClient {
  const { origin, pathname } = new URL(url);
  return new QdrantClient({
    url: origin,
    // The client drops the path of its `url`.
    ...(pathname === '/' ? {} : { prefix: pathname.replace(/\/$/, '') }),
    // As `apiKey` it would print a warning to the console where the URL is http.
    ...(apiKey === undefined ? {} : { headers: { 'api-key': apiKey } }),
    timeout: timeoutMs,
    checkCompatibility: false,
  });
}
