import type { CacheStore } from '#platform/cache/cache-store.ts';
import type { FeedCaches } from '../snapshot/feed-snapshot.ts';

/** Caches of feeds whose entries run out by `clock`. */
export function clockedCaches(clock: () => Date): FeedCaches {
  return { snapshots: clockedCache(clock), current: clockedCache(clock), owned: clockedCache(clock) };
}

function clockedCache<T>(clock: () => Date): CacheStore<T> {
  const entries = new Map<string, { value: T; until: number }>();
  return {
    get: (key) => {
      const entry = entries.get(key);
      return Promise.resolve(
        entry !== undefined && entry.until > clock().getTime() ? entry.value : undefined,
      );
    },
    set: (key, value, ttlMs) => {
      entries.set(key, { value, until: clock().getTime() + ttlMs });
      return Promise.resolve();
    },
    delete: (key) => Promise.resolve(entries.delete(key)),
    clear: () => Promise.resolve(entries.clear()),
  };
}
