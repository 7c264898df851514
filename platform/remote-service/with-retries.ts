import { setTimeout as sleep } from 'node:timers/promises';
import { ServiceError, type ServiceFailure } from './service-error.ts';

export interface RetryRules {
  /** Calls in all. */
  readonly attempts: number;
  /** ms before the second call, each further wait twice as long; a quarter of it is chance. */
  readonly firstWaitMs: number;
  /** Where the next call would have to wait longer than so many ms, by Retry-After say, there is none. */
  readonly longestWaitMs: () => number;
}

/** The same call may go well a moment later. */
const passing: ReadonlySet<ServiceFailure> = new Set(['UNAVAILABLE', 'LATE', 'RATE_LIMITED']);

/**
 * The result of `call`, which is tried again after failures that pass. The retries of `openai` and of cockatiel sleep on
 * when `signal` aborts, and `openai` waits as long as a service asks, an hour too.
 * @throws the last ServiceError, or the reason of `signal` when that aborts.
 */
export async function withRetries<T>(
  call: () => Promise<T>,
  { attempts, firstWaitMs, longestWaitMs }: RetryRules,
  signal: AbortSignal | undefined,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    signal?.throwIfAborted();
    try {
      return await call();
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof ServiceError) || !passing.has(error.failure) || attempt >= attempts) throw error;
      const backoff = firstWaitMs * 2 ** (attempt - 1) * (1 - Math.random() / 4);
      const wait = Math.max(error.retryAfterMs ?? 0, backoff);
      if (wait > longestWaitMs()) throw error;
      await sleep(wait, undefined, { signal }).catch(() => signal?.throwIfAborted());
    }
  }
}
