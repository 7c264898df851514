import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Refresh } from './refresh.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it('loads at the start and again, whatever a load throws, until it is stopped', async () => {
  let loads = 0;
  const failures: unknown[] = [];
  const refresh = new Refresh(
    () => {
      loads++;
      return loads === 1 ? Promise.reject(new Error('away')) : Promise.resolve();
    },
    { everyMs: 1_000, onFailure: (error) => failures.push(error) },
  );
  await refresh.start();
  expect(loads).toBe(1);
  expect(failures).toEqual([new Error('away')]);
  await vi.advanceTimersByTimeAsync(1_100);
  expect(loads).toBe(2);
  await refresh.stop();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(loads).toBe(2);
});

it('stops once what is loading has come', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const order: string[] = [];
  // Stopped before it has begun to wait for its next turn.
  const refresh = new Refresh(() => promise.then(() => void order.push('loaded')), {
    everyMs: 1_000,
    onFailure: () => undefined,
  });
  void refresh.start();
  const stopped = refresh.stop().then(() => order.push('stopped'));
  resolve();
  await stopped;
  await vi.advanceTimersByTimeAsync(10_000);
  expect(order).toEqual(['loaded', 'stopped']);
});
