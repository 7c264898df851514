import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { batched } from './batcher.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Doubles, and notes what was asked together. */
function doubling() {
  const calls: number[][] = [];
  const ask = batched((questions: readonly number[]) => {
    calls.push([...questions]);
    return Promise.resolve(questions.map((question) => 2 * question));
  });
  return { ask, calls };
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

describe('batched', () => {
  it('sends ten at once, and what is left after 5 ms', async () => {
    const { ask, calls } = doubling();
    const answers = Promise.all(upTo(25).map(ask));
    expect(calls).toEqual([upTo(10), upTo(20).slice(10)]);
    await vi.advanceTimersByTimeAsync(4);
    expect(calls).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(1);
    expect(calls[2]).toEqual(upTo(25).slice(20));
    expect(await answers).toEqual(upTo(25).map((question) => 2 * question));
  });

  it('fills a batch from several moments, and asks the same twice where it is asked twice', async () => {
    const { ask, calls } = doubling();
    const first = ask(1);
    await vi.advanceTimersByTimeAsync(3);
    const second = ask(1);
    await vi.advanceTimersByTimeAsync(2);
    expect(calls).toEqual([[1, 1]]);
    expect(await Promise.all([first, second])).toEqual([2, 2]);
    void ask(7);
    await vi.advanceTimersByTimeAsync(5);
    expect(calls).toEqual([[1, 1], [7]]);
  });
});
