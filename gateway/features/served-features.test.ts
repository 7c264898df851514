import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLogger } from '#platform/logging/logger.ts';
import type { FeatureSet } from '../../subgraphs/experiments/index.ts';
import { ServedFeatures } from './served-features.ts';

describe('ServedFeatures', () => {
  let stored: string;
  let changedAt: Date;
  let answer: () => Promise<void>;
  let looks: number;
  let reads: number;
  let served: ServedFeatures;
  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    looks = 0;
    reads = 0;
    answer = () => Promise.resolve();
    change('first');
    served = new ServedFeatures({ read, logger: createLogger('silent'), pollMs: 2_000 });
    await served.start();
  });
  afterEach(async () => {
    await served.stop();
    vi.useRealTimers();
  });

  const change = (value: string): void => {
    stored = value;
    changedAt = new Date((changedAt?.getTime() ?? 0) + 1);
  };
  const read = async (known: Date | null): Promise<FeatureSet | null> => {
    looks++;
    const [value, at] = [stored, changedAt];
    await answer();
    if (at.getTime() === known?.getTime()) return null;
    reads++;
    return { features: { flag: { defaultValue: value } }, changedAt: at };
  };
  const value = (): unknown =>
    JSON.parse(served.payload?.plain.bytes.toString() ?? '{}')?.features?.flag?.defaultValue;
  const tell = (): Promise<void> | void =>
    served.consumer.handle([
      {
        id: 1n,
        type: 'experiment.changed',
        createdAt: new Date(),
        payload: { key: 'flag', status: 'RUNNING', phase: 1 },
      },
    ]);

  it('takes over a change by its event, and reads only what has changed', async () => {
    expect([value(), reads]).toEqual(['first', 1]);
    await tell();
    expect(reads).toBe(1);
    change('second');
    await tell();
    expect([value(), reads]).toEqual(['second', 2]);
  });

  it('finds a change within 2.2 s without any event', async () => {
    change('by hand');
    await vi.advanceTimersByTimeAsync(2_200);
    // It is compressed in another thread, which no fake clock moves.
    await vi.waitFor(() => expect(value()).toBe('by hand'));
  });

  it('looks again for an event that comes while it looks, once for however many', async () => {
    const held = Promise.withResolvers<void>();
    answer = () => held.promise;
    const first = served.refresh();
    await vi.waitFor(() => expect(looks).toBe(2));
    change('second');
    const told = Promise.all([tell(), tell(), served.refresh()]);
    held.resolve();
    await Promise.all([first, told]);
    expect([value(), looks]).toEqual(['second', 3]);
  });

  it('serves the last features while the database is away or hangs, and recovers', async () => {
    answer = () => Promise.reject(new Error('the database is away'));
    change('unseen');
    await tell();
    expect(value()).toBe('first');
    answer = () => new Promise(() => undefined);
    await vi.advanceTimersByTimeAsync(8_000);
    expect(value()).toBe('first');
    answer = () => Promise.resolve();
    await vi.advanceTimersByTimeAsync(8_000);
    await vi.waitFor(() => expect(value()).toBe('unseen'));
  });
});
