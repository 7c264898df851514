import { withDeadline } from '../resilience/with-deadline.ts';
import { guardCalls } from './guard-calls.ts';

/**
 * A cache of values of one kind. A cache may forget at any time, so no caller relies on it: a failed or late
 * read is a miss, a failed or late write is no write.
 */
export interface CacheStore<T> {
  /** Returns the value kept under `key`, or undefined where there is none. */
  get(key: string): Promise<T | undefined>;
  /** Keeps `value` for `ttlMs` ms. */
  set(key: string, value: T, ttlMs: number): Promise<void>;
  /** Forgets `key`; returns whether there was a value. */
  delete(key: string): Promise<boolean>;
  /** Forgets everything. */
  clear(): Promise<void>;
}

/** Design: every cache call answers within 50 ms, or its caller goes on without. */
const defaultDeadlineMs = 50;

/** Returns `store` with a deadline in ms on every call and a breaker; `onFailure` hears of what is otherwise swallowed. */
export function withCallDeadline<T>(
  store: CacheStore<T>,
  onFailure: (error: unknown) => void,
  deadlineMs = defaultDeadlineMs,
): CacheStore<T> {
  const guard = guardCalls((call) => withDeadline(deadlineMs, call), onFailure);
  return {
    get: (key) => guard.attempt<T | undefined>(() => store.get(key), undefined),
    set: (key, value, ttlMs) => guard.attempt(() => store.set(key, value, ttlMs), undefined),
    delete: (key) => guard.insist(() => store.delete(key), false),
    clear: () => guard.insist(() => store.clear(), undefined),
  };
}
