import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RetryPolicy } from './retry-policy.ts';

/** Delivers events 1 to `count`, of which those in `poison` always fail; returns what became of them. */
function deliver(count: number, poison: ReadonlySet<bigint>, fullBatch: number) {
  const policy = new RetryPolicy({ fullBatch, pollMs: 1 });
  const waiting = Array.from({ length: count }, (_, index) => BigInt(index + 1));
  const handled: bigint[] = [];
  const setAside: bigint[] = [];
  const attempts: number[] = [];
  let tries = 0;
  while (waiting.length > 0) {
    tries++;
    const batch = waiting.slice(0, policy.limit);
    if (batch.some((eventId) => poison.has(eventId))) {
      const step = policy.failed({ eventIds: batch, transient: false });
      if (step.kind !== 'set-aside') continue;
      setAside.push(step.eventId);
      attempts.push(step.history.attempts);
      waiting.shift();
      policy.wasSetAside();
    } else {
      handled.push(...batch);
      waiting.splice(0, batch.length);
      policy.succeeded(batch.length);
    }
  }
  return { handled, setAside, attempts, tries };
}

describe('the policy for failing batches', () => {
  it('sets aside what fails, and nothing else, in the order of events', () => {
    const counts = fc.integer({ min: 1, max: 120 });
    const places = fc.uniqueArray(fc.integer({ min: 1, max: 120 }), { maxLength: 12 });
    fc.assert(
      fc.property(counts, places, fc.integer({ min: 1, max: 64 }), (count, poisoned, fullBatch) => {
        const poison = new Set(poisoned.filter((place) => place <= count).map(BigInt));
        const { handled, setAside, attempts } = deliver(count, poison, fullBatch);
        expect(new Set(setAside)).toEqual(poison);
        expect(handled).toHaveLength(count - poison.size);
        expect(handled).toEqual(handled.toSorted((a, b) => Number(a - b)));
        expect(attempts.every((tries) => tries >= 3)).toBe(true);
      }),
    );
  });

  it('finds one among 200 by bisecting', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), (place) => {
        // Three full tries, a halving or a step forward eight times, three tries alone, and growing batches after it.
        expect(deliver(200, new Set([BigInt(place)]), 200).tries).toBeLessThanOrEqual(3 + 8 + 3 + 8);
      }),
    );
  });

  it('never sets anything aside while the surroundings fail, and makes batches smaller', () => {
    const policy = new RetryPolicy({ fullBatch: 8, pollMs: 1 });
    const events = Array.from({ length: 8 }, (_, index) => BigInt(index + 1));
    for (let tries = 0; tries < 50; tries++) {
      const step = policy.failed({ eventIds: events.slice(0, policy.limit), transient: true });
      expect(step.kind).toBe('rest');
    }
    expect(policy.limit).toBe(1);
    // Of the failures so far none counts against the event.
    expect(policy.failed({ eventIds: [1n], transient: false }).kind).toBe('rest');
    expect(policy.failed({ eventIds: [1n], transient: false }).kind).toBe('rest');
    expect(policy.failed({ eventIds: [1n], transient: false }).kind).toBe('set-aside');
  });

  it('rests longer with each failure, up to a limit, and starts anew after a success', () => {
    const policy = new RetryPolicy({ fullBatch: 1, pollMs: 500 });
    const rests: number[] = [];
    for (let tries = 0; tries < 12; tries++) {
      const step = policy.failed({ eventIds: [1n], transient: true });
      if (step.kind === 'rest') rests.push(step.ms);
    }
    expect(rests.slice(0, 3)).toEqual([1000, 2000, 4000]);
    expect(rests.at(-1)).toBe(30_000);
    policy.succeeded(1);
    expect(policy.failed({ eventIds: [2n], transient: true })).toEqual({ kind: 'rest', ms: 1000 });
  });
});
