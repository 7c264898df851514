import { afterAll, describe, expect, it, vi } from 'vitest';
import { createPrimaryBatchCache, createPrimaryCache, serveCaches } from './primary-cache.ts';

describe('a cache in the primary', () => {
  afterAll(serveCaches());

  it('is one for all that name it, and apart from others', async () => {
    const here = createPrimaryCache<{ at: Date }>('feeds', { maxEntries: 10 });
    const there = createPrimaryCache<{ at: Date }>('feeds', { maxEntries: 10 });
    const other = createPrimaryCache<{ at: Date }>('others', { maxEntries: 10 });
    const value = { at: new Date(0) };
    await here.set('a', value, 60_000);
    expect(await there.get('a')).toEqual(value);
    expect(await other.get('a')).toBeUndefined();
    expect(await there.delete('a')).toBe(true);
    expect(await here.get('a')).toBeUndefined();
    await here.set('b', value, 60_000);
    await there.clear();
    expect(await here.get('b')).toBeUndefined();
  });

  it('reads and writes many at once', async () => {
    const here = createPrimaryBatchCache<number>('scores', { maxEntries: 10 });
    const there = createPrimaryBatchCache<number>('scores', { maxEntries: 10 });
    await here.setMany(
      [
        { key: 'a', value: 0 },
        { key: 'b', value: 0.5 },
      ],
      60_000,
    );
    expect(await there.getMany(['b', 'none', 'a'])).toEqual([0.5, undefined, 0]);
    await there.deleteMany(['a']);
    expect(await here.getMany(['a', 'b'])).toEqual([undefined, 0.5]);
  });

  it('forgets in time', async () => {
    vi.useFakeTimers();
    const cache = createPrimaryCache<number>('short', { maxEntries: 10 });
    await cache.set('a', 1, 1_000);
    vi.advanceTimersByTime(999);
    expect(await cache.get('a')).toBe(1);
    vi.advanceTimersByTime(2);
    expect(await cache.get('a')).toBeUndefined();
    vi.useRealTimers();
  });
});
