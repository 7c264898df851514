import { z } from 'zod';
import type { BatchCache } from '#platform/cache/batch-cache.ts';
import type { CacheStore } from '#platform/cache/cache-store.ts';
import { createMemoryCache } from '#platform/cache/memory-cache.ts';
import { answerWorkers, askPrimary } from './primary-channel.ts';

const cacheSchema = z.object({ name: z.string().max(100), maxEntries: z.int().min(1) });
const keySchema = z.object({ cache: cacheSchema, key: z.string().max(10_000) });
const keysSchema = z.object({ cache: cacheSchema, keys: z.array(z.string().max(10_000)).max(10_000) });
const nothing = z.null();

const deletion = { kind: 'cache.delete', payload: keySchema, answer: z.boolean() };
const manyDeletions = { kind: 'cache.delete-many', payload: keysSchema, answer: nothing };
const clearing = { kind: 'cache.clear', payload: z.object({ cache: cacheSchema }), answer: nothing };

/** A value comes from this same code in another worker, so it is trusted as one out of this process's memory would be. */
function valueQuestions<T>() {
  const value = z.custom<T>();
  return {
    reading: {
      kind: 'cache.get',
      payload: keySchema,
      answer: z.object({ value: value.optional() }),
    },
    writing: {
      kind: 'cache.set',
      payload: keySchema.extend({ value, ttlMs: z.number() }),
      answer: nothing,
    },
    readingMany: {
      kind: 'cache.get-many',
      payload: keysSchema,
      answer: z.object({ values: z.array(value.optional()) }),
    },
    writingMany: {
      kind: 'cache.set-many',
      payload: z.object({
        cache: cacheSchema,
        entries: z.array(z.object({ key: z.string().max(10_000), value })),
        ttlMs: z.number(),
      }),
      answer: nothing,
    },
  };
}

/** Longer than callers wait for a cache. */
const deadlineMs = 200;

/** Caches that workers may have in the primary. */
const maxCaches = 20;

/**
 * A cache in the memory of the primary, one for all workers, so that what one of them keeps the next request finds at
 * another. Values are what the structured clone algorithm takes, and come back as copies.
 */
export function createPrimaryCache<T>(name: string, { maxEntries }: { maxEntries: number }): CacheStore<T> {
  const cache = { name, maxEntries };
  const { reading, writing } = valueQuestions<T>();
  return {
    get: async (key) => (await askPrimary(reading, { cache, key }, deadlineMs)).value,
    set: async (key, value, ttlMs) => {
      await askPrimary(writing, { cache, key, value, ttlMs }, deadlineMs);
    },
    delete: (key) => askPrimary(deletion, { cache, key }, deadlineMs),
    clear: async () => {
      await askPrimary(clearing, { cache }, deadlineMs);
    },
  };
}

/** As `createPrimaryCache`, for values of which many are read at once. */
export function createPrimaryBatchCache<T>(
  name: string,
  { maxEntries }: { maxEntries: number },
): BatchCache<T> {
  const cache = { name, maxEntries };
  const { readingMany, writingMany } = valueQuestions<T>();
  return {
    getMany: async (keys) => (await askPrimary(readingMany, { cache, keys: [...keys] }, deadlineMs)).values,
    setMany: async (entries, ttlMs) => {
      await askPrimary(writingMany, { cache, entries: [...entries], ttlMs }, deadlineMs);
    },
    deleteMany: async (keys) => {
      await askPrimary(manyDeletions, { cache, keys: [...keys] }, deadlineMs);
    },
  };
}

/** Runs in the primary: holds the caches of the workers, each made on its first use. Returns how to end that. */
export function serveCaches(): () => void {
  const stores = new Map<string, CacheStore<unknown>>();
  const storeOf = ({ name, maxEntries }: z.infer<typeof cacheSchema>): CacheStore<unknown> => {
    const known = stores.get(name);
    if (known !== undefined) return known;
    if (stores.size >= maxCaches) throw new Error('There are too many caches.');
    const made = createMemoryCache<unknown>({ maxEntries });
    stores.set(name, made);
    return made;
  };
  const { reading, writing, readingMany, writingMany } = valueQuestions<unknown>();
  const ends = [
    answerWorkers(reading, async ({ cache, key }) => {
      const value = await storeOf(cache).get(key);
      return { value };
    }),
    answerWorkers(writing, async ({ cache, key, value, ttlMs }) => {
      await storeOf(cache).set(key, value, ttlMs);
      return null;
    }),
    answerWorkers(deletion, ({ cache, key }) => storeOf(cache).delete(key)),
    answerWorkers(readingMany, async ({ cache, keys }) => {
      const store = storeOf(cache);
      return { values: await Promise.all(keys.map((key) => store.get(key))) };
    }),
    answerWorkers(writingMany, async ({ cache, entries, ttlMs }) => {
      const store = storeOf(cache);
      await Promise.all(entries.map(({ key, value }) => store.set(key, value, ttlMs)));
      return null;
    }),
    answerWorkers(manyDeletions, async ({ cache, keys }) => {
      const store = storeOf(cache);
      await Promise.all(keys.map((key) => store.delete(key)));
      return null;
    }),
    answerWorkers(clearing, async ({ cache }) => {
      await storeOf(cache).clear();
      return null;
    }),
  ];
  return () => {
    for (const end of ends) end();
  };
}
