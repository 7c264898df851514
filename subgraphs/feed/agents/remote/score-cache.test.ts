import { afterEach, describe, expect, it, vi } from 'vitest';
import type { BatchCache } from '#platform/cache/batch-cache.ts';
import { ScoreCache } from './score-cache.ts';

/** What processes share, with its calls. */
function sharedScores() {
  const scores = new Map<string, number>();
  const calls: string[] = [];
  const cache: BatchCache<number> = {
    getMany: (keys) => {
      calls.push(`get ${keys.join()}`);
      return Promise.resolve(keys.map((key) => scores.get(key)));
    },
    setMany: (entries, ttlMs) => {
      calls.push(`set ${entries.map(({ key }) => key).join()} for ${ttlMs}`);
      for (const { key, value } of entries) scores.set(key, value);
      return Promise.resolve();
    },
    deleteMany: (keys) => {
      for (const key of keys) scores.delete(key);
      return Promise.resolve();
    },
  };
  return { cache, calls };
}

afterEach(() => {
  vi.useRealTimers();
});

describe('ScoreCache', () => {
  it('keeps scores for their time', async () => {
    vi.useFakeTimers();
    const cache = new ScoreCache({ ttlMs: 1_000, shared: null });
    cache.write([{ key: 'a', value: 0 }]);
    vi.advanceTimersByTime(999);
    expect(await cache.read(['a', 'b'])).toEqual([0, undefined]);
    vi.advanceTimersByTime(2);
    expect(await cache.read(['a'])).toEqual([undefined]);
  });

  it('finds what another process has scored, by one call for all that it lacks', async () => {
    vi.useFakeTimers();
    const { cache: shared, calls } = sharedScores();
    const here = new ScoreCache({ ttlMs: 12_000, shared });
    const there = new ScoreCache({ ttlMs: 12_000, shared });
    there.write([
      { key: 'a', value: 0.1 },
      { key: 'b', value: 0.2 },
    ]);
    here.write([{ key: 'c', value: 0.3 }]);
    expect(await here.read(['a', 'c', 'b', 'd'])).toEqual([0.1, 0.3, 0.2, undefined]);
    expect(await here.read(['a', 'b', 'c'])).toEqual([0.1, 0.2, 0.3]);
    expect(calls).toEqual(['set a,b for 12000', 'set c for 12000', 'get a,b,d']);
    await here.read(['e', 'f', 'g'], new Uint8Array([0, 1, 0]));
    expect(calls.at(-1)).toBe('get f');
    // It may be old already, so it is asked for again after a while.
    vi.advanceTimersByTime(1_001);
    await here.read(['a']);
    expect(calls.at(-1)).toBe('get a');
  });

  it('forgets everywhere', async () => {
    const { cache: shared } = sharedScores();
    const cache = new ScoreCache({ ttlMs: 1_000, shared });
    cache.write([{ key: 'a', value: 1 }]);
    await cache.forget(['a']);
    expect(await cache.read(['a'])).toEqual([undefined]);
  });

  it('is no worse than empty where the shared cache gives nothing', async () => {
    const shared: BatchCache<number> = {
      getMany: () => Promise.resolve([]),
      setMany: () => Promise.resolve(),
      deleteMany: () => Promise.resolve(),
    };
    const cache = new ScoreCache({ ttlMs: 1_000, shared });
    cache.write([{ key: 'a', value: 1 }]);
    expect(await cache.read(['a', 'b'])).toEqual([1, undefined]);
  });
});
