import { afterEach, describe, expect, it, vi } from 'vitest';
import { withCallDeadline, type CacheStore } from './cache-store.ts';
import { createMemoryCache } from './memory-cache.ts';

afterEach(() => {
  vi.useRealTimers();
});

describe('memory cache', () => {
  it('keeps the very value until its time is up', async () => {
    vi.useFakeTimers();
    const cache = createMemoryCache<{ items: number[] }>({ maxEntries: 10 });
    const value = { items: [1, 2, 3] };
    await cache.set('a', value, 1_000);
    vi.advanceTimersByTime(999);
    expect(await cache.get('a')).toBe(value);
    vi.advanceTimersByTime(2);
    expect(await cache.get('a')).toBeUndefined();
  });

  it('forgets what is deleted and says whether there was anything', async () => {
    const cache = createMemoryCache<number>({ maxEntries: 10 });
    await cache.set('a', 1, 1_000);
    await cache.set('b', 2, 1_000);
    expect(await cache.delete('a')).toBe(true);
    expect(await cache.delete('a')).toBe(false);
    expect(await cache.get('b')).toBe(2);
    await cache.clear();
    expect(await cache.get('b')).toBeUndefined();
  });

  it('stays bounded and drops the least recently used', async () => {
    const cache = createMemoryCache<number>({ maxEntries: 10 });
    for (let index = 0; index < 100; index++) {
      await cache.set(`key-${index}`, index, 60_000);
      await cache.get('key-0');
    }
    const kept: number[] = [];
    for (let index = 0; index < 100; index++) {
      if ((await cache.get(`key-${index}`)) !== undefined) kept.push(index);
    }
    expect(kept.length).toBeLessThanOrEqual(20);
    expect(kept).toContain(0);
    expect(kept).toContain(99);
    expect(kept).not.toContain(1);
  });
});

describe('deadline of a cache', () => {
  const stalled: CacheStore<number> = {
    get: () => new Promise(() => undefined),
    set: () => new Promise(() => undefined),
    delete: () => Promise.reject(new Error('connection lost')),
    clear: () => Promise.resolve(),
  };

  it('turns a stalled or failed call into a miss and reports it', async () => {
    const failures: unknown[] = [];
    const cache = withCallDeadline(stalled, (error) => failures.push(error), 5);
    expect(await cache.get('a')).toBeUndefined();
    await cache.set('a', 1, 1_000);
    expect(await cache.delete('a')).toBe(false);
    expect(failures).toHaveLength(3);
  });

  it('is not asked for a while where it often fails, but always told to forget', async () => {
    const asked: string[] = [];
    const failing = (call: string) => (): Promise<never> => {
      asked.push(call);
      return Promise.reject(new Error('the cache is away'));
    };
    const cache = withCallDeadline<number>(
      { get: failing('get'), set: failing('set'), delete: failing('delete'), clear: failing('clear') },
      () => undefined,
    );
    for (let call = 0; call < 40; call++) expect(await cache.get('a')).toBeUndefined();
    const tried = asked.length;
    expect(tried).toBeLessThan(40);
    await cache.set('a', 1, 1_000);
    expect(await cache.get('a')).toBeUndefined();
    expect(await cache.delete('a')).toBe(false);
    await cache.clear();
    expect(asked.slice(tried)).toEqual(['delete', 'clear']);
  });
});
