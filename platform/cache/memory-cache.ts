import { Keyv } from 'keyv';
import QuickLRU from 'quick-lru';
import type { CacheStore } from './cache-store.ts';

/**
 * The embedded cache: the least recently used go first, and never more than twice `maxEntries` are kept. Values
 * are kept as they are, so what is put in must not be changed afterwards.
 */
export function createMemoryCache<T>({ maxEntries }: { maxEntries: number }): CacheStore<T> {
  // Through JSON a snapshot of 200 items takes a hundred times longer to read.
  const keyv = new Keyv<T>({
    store: new QuickLRU<string, unknown>({ maxSize: maxEntries }),
    serialization: false,
  });
  return {
    get: (key) => keyv.get<T>(key),
    set: async (key, value, ttlMs) => {
      await keyv.set(key, value, ttlMs);
    },
    delete: (key) => keyv.delete(key),
    clear: () => keyv.clear(),
  };
}
