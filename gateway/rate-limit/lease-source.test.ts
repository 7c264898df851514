import { describe, expect, it, vi } from 'vitest';
import { createLogger } from '#platform/logging/logger.ts';
import { BoundedMemoryLimiter } from './bounded-memory-limiter.ts';
import { CountedLeaseSource, memoryLeaseSource } from './counted-lease-source.ts';
import { leaseQuestion } from './lease-question.ts';
import { primaryLeaseSource, type AskForLease } from './primary-lease-source.ts';
import { itLeases } from './test/lease-source-contract.ts';

const logger = createLogger('silent');
const request = { subject: 'user:a', used: 0, wanted: 20, limit: 50 } as const;

describe('leases from memory', () => {
  itLeases(() => {
    const source = memoryLeaseSource();
    return Promise.resolve([source, source]);
  });

  it('begins anew when the hour is over', async () => {
    vi.useFakeTimers();
    try {
      const source = memoryLeaseSource();
      await source.lease({ ...request, used: 50 });
      vi.advanceTimersByTime(3_599_000);
      expect(await source.lease(request)).toMatchObject({ granted: 0, resetMs: 1000 });
      vi.advanceTimersByTime(1000);
      expect(await source.lease(request)).toMatchObject({ granted: 20, remaining: 50 });
    } finally {
      vi.useRealTimers();
    }
  });

  it('stays bounded under a flood of addresses, which makes it forget no user', async () => {
    const counter = new BoundedMemoryLimiter({ maxSubjects: 100 });
    const source = new CountedLeaseSource(counter);
    await source.lease({ ...request, used: 50 });
    for (let index = 0; index < 1000; index++) {
      await source.lease({ ...request, subject: `address:${index}`, used: 1 });
    }
    expect(counter.dump().storage.length).toBe(101);
    expect(await source.lease({ ...request, subject: 'address:999' })).toMatchObject({ remaining: 49 });
    expect(await source.lease(request)).toMatchObject({ granted: 0 });
  });
});

describe('leases from the primary', () => {
  itLeases(() => {
    const primary = memoryLeaseSource();
    // As process messages do: a turn later, as a copy, and checked on both sides.
    const ask: AskForLease = async (asked) => {
      await new Promise(setImmediate);
      const answer = await primary.lease(leaseQuestion.payload.parse(structuredClone(asked)));
      return leaseQuestion.answer.parse(structuredClone(answer));
    };
    return Promise.resolve([primaryLeaseSource(ask, logger), primaryLeaseSource(ask, logger)]);
  });

  it.each([
    ['fails', () => Promise.reject(new Error('The channel is closed.'))],
    ['does not answer', () => new Promise<never>(() => undefined)],
  ])('counts on for itself while the primary %s, and with it again afterwards', async (_, failing) => {
    const primary = memoryLeaseSource();
    let down = false;
    const source = primaryLeaseSource((asked) => (down ? failing() : primary.lease(asked)), logger);
    await primary.lease({ ...request, used: 20 });
    expect(await source.lease({ ...request, used: 15 })).toMatchObject({ granted: 15, remaining: 15 });
    down = true;
    expect(await source.lease({ ...request, used: 10 })).toMatchObject({ granted: 5, remaining: 5 });
    expect(await source.lease({ ...request, used: 5 })).toMatchObject({ granted: 0 });
    expect(await source.lease({ ...request, subject: 'user:b' })).toMatchObject({ granted: 20 });
    down = false;
    expect(await source.lease(request)).toMatchObject({ granted: 15, remaining: 15 });
  });

  it('leaves a primary that is too slow alone for a while', async () => {
    let asked = 0;
    const source = primaryLeaseSource(() => {
      asked++;
      return Promise.reject(new Error('The channel is closed.'));
    }, logger);
    for (let index = 0; index < 100; index++) await source.lease({ ...request, used: 1 });
    expect(asked).toBeLessThan(50);
    expect(await source.lease(request)).toMatchObject({ granted: 0 });
  });
});
