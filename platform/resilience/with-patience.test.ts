import { isTaskCancelledError } from 'cockatiel';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { withPatience } from './with-patience.ts';

describe('withPatience', () => {
  it('gives the result, or what the work throws', async () => {
    expect(await withPatience(50, () => Promise.resolve(7))).toBe(7);
    await expect(withPatience(50, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  });

  it('gives up at the deadline and not before', async () => {
    vi.useFakeTimers();
    try {
      let failure: unknown;
      const late = withPatience(50, () => new Promise(() => undefined)).catch((error: unknown) => {
        failure = error;
      });
      await vi.advanceTimersByTimeAsync(49);
      expect(failure).toBeUndefined();
      await vi.advanceTimersByTimeAsync(1);
      await late;
      expect(isTaskCancelledError(failure)).toBe(true);
    } finally {
      vi.useRealTimers();
    }
  });

  it('blames no work for a stall of the process', async () => {
    const answer = withPatience(20, () => sleep(1, 'in time'));
    const until = performance.now() + 60;
    while (performance.now() < until);
    expect(await answer).toBe('in time');
  });
});
