import { afterEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { answerWorkers, askPrimary, broadcast, onBroadcast } from './primary-channel.ts';

const double = { kind: 'test.double', payload: z.int(), answer: z.int() };
const changed = { kind: 'test.changed', payload: z.object({ id: z.string().max(10) }) };

/** Why a question got no answer. */
function reasonOf(asked: Promise<unknown>): Promise<string> {
  return asked.then(String, (error: unknown) => String(error));
}

describe('the channel without workers', () => {
  const undo: (() => void)[] = [];
  afterEach(() => {
    for (const end of undo.splice(0)) end();
    vi.useRealTimers();
  });

  it('answers in place, and holds both sides to the contract', async () => {
    await expect(askPrimary(double, 2, 1_000)).rejects.toThrow('nobody answers it');
    undo.push(answerWorkers(double, (number) => (number === 13 ? 0.5 : number * 2)));
    expect(await askPrimary(double, 2, 1_000)).toBe(4);
    await expect(askPrimary(double, 1.5, 1_000)).rejects.toThrow('the answering failed');
    await expect(askPrimary(double, 13, 1_000)).rejects.toThrow('not what was agreed');
    expect(() => answerWorkers(double, () => 0)).toThrow('answered already');
  });

  it('does not wait longer than the deadline', async () => {
    vi.useFakeTimers();
    undo.push(answerWorkers(double, () => new Promise<number>(() => undefined)));
    const asked = reasonOf(askPrimary(double, 1, 50));
    await vi.advanceTimersByTimeAsync(50);
    expect(await asked).toContain('50 ms have passed');
  });

  it('calls every listener, and counts what one could not take', async () => {
    const heard: string[] = [];
    undo.push(
      onBroadcast(changed, ({ id }) => {
        if (id === 'bad') throw new Error('no');
      }),
      onBroadcast(changed, ({ id }) => heard.push(id)),
    );
    expect(await broadcast(changed, { id: 'a' })).toBe(0);
    expect(await broadcast(changed, { id: 'bad' })).toBe(1);
    expect(heard).toEqual(['a', 'bad']);
    for (const end of undo.splice(0)) end();
    await broadcast(changed, { id: 'late' });
    expect(heard).toEqual(['a', 'bad']);
  });
});
