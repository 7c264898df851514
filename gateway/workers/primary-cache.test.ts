import { afterAll, describe, expect, it, vi } from 'vitest';
import { createPrimaryCache, serveCaches } from './primary-cache.ts';

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
