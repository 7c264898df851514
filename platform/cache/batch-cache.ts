import { withPatience } from '../resilience/with-patience.ts';
import { guardCalls } from './guard-calls.ts';

/**
 * A shared cache that takes many keys in one call, for values of which one request needs a hundred. As with a
 * CacheStore, it may forget at any time: a failed or late read is a miss, a failed or late write is no write.
 */
export interface BatchCache<T> {
  /** The value of each of `keys`, in their order; undefined where there is none. */
  getMany(keys: readonly string[]): Promise<(T | undefined)[]>;
  /** Keeps each value for `ttlMs` ms. */
  setMany(entries: readonly BatchCacheEntry<T>[], ttlMs: number): Promise<void>;
  /** Forgets `keys`. */
  deleteMany(keys: readonly string[]): Promise<void>;
}

export interface BatchCacheEntry<T> {
  readonly key: string;
  readonly value: T;
}

/** Design: every cache call answers within 50 ms, or its caller goes on without. */
const defaultDeadlineMs = 50;

/**
 * Returns `cache` with a deadline in ms on every call and a breaker; `onFailure` hears of what is otherwise swallowed. A stall of this
 * process is not held against the cache: what it keeps is dear, and is paid for again where it is missed.
 */
export function withBatchDeadline<T>(
  cache: BatchCache<T>,
  onFailure: (error: unknown) => void,
  deadlineMs = defaultDeadlineMs,
): BatchCache<T> {
  const guard = guardCalls((call) => withPatience(deadlineMs, call), onFailure);
  return {
    getMany: (keys) => guard.attempt<(T | undefined)[]>(() => cache.getMany(keys), []),
    setMany: (entries, ttlMs) => guard.attempt(() => cache.setMany(entries, ttlMs), undefined),
    deleteMany: (keys) => guard.insist(() => cache.deleteMany(keys), undefined),
  };
}
