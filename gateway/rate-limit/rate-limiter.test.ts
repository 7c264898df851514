import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memoryLeaseSource } from './counted-lease-source.ts';
import type { Lease, LeaseRequest, LeaseSource } from './lease-source.ts';
import { RateLimiter, type RateLimiterOptions } from './rate-limiter.ts';
import { anonymousCaller, delegatingCaller, keyCaller, userCaller } from './test/callers.ts';

const ann = userCaller('ann');
const here = '192.0.2.1';

function limiterOf(options: Partial<RateLimiterOptions> = {}): RateLimiter {
  return new RateLimiter({
    source: memoryLeaseSource(),
    perHour: 50,
    lease: 20,
    keyLimit: () => null,
    ...options,
  });
}

/** A source that notes what it is asked for. */
function recording(source: LeaseSource = memoryLeaseSource()): LeaseSource & { asked: LeaseRequest[] } {
  const asked: LeaseRequest[] = [];
  return {
    asked,
    lease: (request) => {
      asked.push(request);
      return source.lease(request);
    },
  };
}

/** How many of `times` requests are answered. */
async function answered(limiter: RateLimiter, times: number, caller = ann, address = here): Promise<number> {
  let allowed = 0;
  for (let index = 0; index < times; index++) {
    if ((await limiter.take(caller, address))?.allowed !== false) allowed++;
  }
  return allowed;
}

describe('RateLimiter', () => {
  it('answers exactly the limit in one process, and says what is left', async () => {
    const limiter = limiterOf();
    expect(await limiter.take(ann, here)).toMatchObject({ allowed: true, limit: 50, remaining: 49 });
    expect(await answered(limiter, 100)).toBe(49);
    expect(await limiter.take(ann, here)).toMatchObject({ allowed: false, policy: 'user', remaining: 0 });
  });

  it('asks the source once in a lease, and never twice at a time for one caller', async () => {
    const source = recording();
    const limiter = limiterOf({ source, perHour: 1000 });
    await Promise.all(Array.from({ length: 20 }, async () => limiter.take(ann, here)));
    expect(source.asked).toHaveLength(1);
    await Promise.all(Array.from({ length: 100 }, async () => limiter.take(ann, here)));
    expect(source.asked.map(({ used }) => used)).toEqual([0, 20, 20, 20, 20, 20]);
  });

  it('settles a request of a lease at hand without a promise', async () => {
    const limiter = limiterOf();
    await limiter.take(ann, here);
    expect(limiter.take(ann, here)).toMatchObject({ allowed: true, remaining: 48 });
  });

  it('takes several requests as it takes one after another', async () => {
    const counts = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 12 });
    const limits = fc.record({
      perHour: fc.integer({ min: 1, max: 120 }),
      own: fc.integer({ min: 0, max: 120 }),
      lease: fc.integer({ min: 1, max: 25 }),
    });
    await fc.assert(
      fc.asyncProperty(counts, limits, async (sizes, { perHour, own, lease }) => {
        const options = { perHour, lease, keyLimit: () => own, now: () => 0 };
        const [together, apart] = [limiterOf(options), limiterOf(options)];
        const caller = delegatingCaller('k', 'ann');
        for (const size of sizes) {
          let last = await apart.take(caller, here);
          for (let more = 1; more < size && last?.allowed !== false; more++) {
            last = await apart.take(caller, here);
          }
          expect(await together.take(caller, here, size)).toEqual(last);
        }
      }),
    );
  });

  it('settles several requests of a lease at hand without a promise, and asks no more often than for one', async () => {
    const source = recording();
    const limiter = limiterOf({ source });
    expect(await limiter.take(ann, here, 5)).toMatchObject({ allowed: true, remaining: 45 });
    expect(limiter.take(ann, here, 15)).toMatchObject({ allowed: true, remaining: 30 });
    expect(source.asked).toHaveLength(1);
    expect(await limiter.take(ann, here, 21)).toMatchObject({ allowed: true, remaining: 9 });
    expect(source.asked).toHaveLength(3);
    expect(await limiter.take(ann, here, 10)).toMatchObject({ allowed: false, remaining: 0 });
    expect(await limiter.take(ann, here)).toMatchObject({ allowed: false });
  });

  it('answers all of a crowd that the limit covers, and no more', async () => {
    const limiter = limiterOf();
    const states = await Promise.all(Array.from({ length: 500 }, async () => limiter.take(ann, here)));
    expect(states.filter((state) => state?.allowed)).toHaveLength(50);
  });

  it('counts users, keys and addresses each for themselves', async () => {
    const limiter = limiterOf();
    await answered(limiter, 60);
    expect(await answered(limiter, 60, userCaller('ben'))).toBe(50);
    expect(await answered(limiter, 60, keyCaller('ann'))).toBe(50);
    expect(await answered(limiter, 60, anonymousCaller, 'ann')).toBe(50);
    expect(await answered(limiter, 60, anonymousCaller, '192.0.2.2')).toBe(50);
  });

  it('counts the addresses of one IPv6 network together', async () => {
    const limiter = limiterOf();
    await answered(limiter, 60, anonymousCaller, '2001:db8:1:2::1');
    expect(await answered(limiter, 1, anonymousCaller, '2001:db8:1:2:ffff::9')).toBe(0);
    expect(await answered(limiter, 1, anonymousCaller, '2001:db8:1:3::1')).toBe(1);
  });

  it('counts a key by its own limit, and a changed one at once', async () => {
    let own: number | null = 7;
    const limiter = limiterOf({ keyLimit: () => own });
    expect(await answered(limiter, 20, keyCaller('k'))).toBe(7);
    own = 10;
    expect(await answered(limiter, 20, keyCaller('k'))).toBe(3);
    own = 5;
    expect(await answered(limiter, 20, keyCaller('k'))).toBe(0);
    own = 0;
    expect(await limiter.take(keyCaller('k'), here)).toBeNull();
  });

  it('counts a request for a user on the user and on the key, and shows the one with less left', async () => {
    const limiter = limiterOf({ keyLimit: () => 70 });
    expect(await answered(limiter, 60, delegatingCaller('k', 'ann'))).toBe(50);
    expect(await limiter.take(ann, here)).toMatchObject({ allowed: false, policy: 'user' });
    const state = await limiter.take(delegatingCaller('k', 'ben'), here);
    expect(state).toMatchObject({ allowed: true, policy: 'key', limit: 70, remaining: 19 });
    expect(await answered(limiter, 60, delegatingCaller('k', 'ben'))).toBe(19);
    expect(await limiter.take(delegatingCaller('k', 'ben'), here)).toMatchObject({ policy: 'key' });
    expect(await answered(limiter, 60, userCaller('ben'))).toBe(30);
  });

  it('limits nobody where the limit is 0, but a key that has one of its own', async () => {
    const limiter = limiterOf({ perHour: 0, keyLimit: (id) => (id === 'own' ? 3 : null) });
    expect(await limiter.take(ann, here)).toBeNull();
    expect(await limiter.take(anonymousCaller, here)).toBeNull();
    expect(await limiter.take(keyCaller('k'), here)).toBeNull();
    expect(await answered(limiter, 9, keyCaller('own'))).toBe(3);
    expect(await answered(limiter, 9, delegatingCaller('own', 'ann'))).toBe(0);
  });

  it('tells the source no id', async () => {
    const source = recording();
    const limiter = limiterOf({ source });
    await limiter.take(userCaller('ann@example.com'), here);
    await limiter.take(anonymousCaller, here);
    for (const { subject } of source.asked) {
      expect(subject).toMatch(/^(user|address):[\w-]{43}$/);
    }
  });

  it('forgets an hour that is over, and what was used in it', async () => {
    let now = 0;
    let fresh: Lease = { granted: 20, remaining: 50, resetMs: 3_600_000 };
    const asked: LeaseRequest[] = [];
    const source: LeaseSource = {
      lease: (request) => {
        asked.push(request);
        return Promise.resolve(fresh);
      },
    };
    const limiter = limiterOf({ source, now: () => now });
    expect(await limiter.take(ann, here)).toMatchObject({ remaining: 49, resetSeconds: 3600 });
    now = 3_599_001;
    expect(await limiter.take(ann, here)).toMatchObject({ remaining: 48, resetSeconds: 1 });
    now = 3_600_000;
    expect(await limiter.take(ann, here)).toMatchObject({ remaining: 49, resetSeconds: 3600 });
    expect(asked.map(({ used }) => used)).toEqual([0, 0]);
    fresh = { granted: 0, remaining: 0, resetMs: 1000 };
    expect(await answered(limiter, 25)).toBe(19);
    now += 1000;
    fresh = { granted: 20, remaining: 50, resetMs: 3_600_000 };
    expect(await answered(limiter, 5)).toBe(5);
  });

  it('refuses by itself for some seconds, then asks whether the source has changed its mind', async () => {
    let now = 0;
    let lease: Lease = { granted: 0, remaining: 0, resetMs: 3_600_000 };
    const source = recording({ lease: () => Promise.resolve(lease) });
    const limiter = limiterOf({ source, now: () => now });
    expect(await answered(limiter, 10)).toBe(0);
    expect(source.asked).toHaveLength(1);
    lease = { granted: 20, remaining: 50, resetMs: 3_600_000 };
    now = 5_000;
    expect(await answered(limiter, 10)).toBe(10);
    expect(source.asked).toHaveLength(2);
  });

  it('remembers a bounded number of callers', async () => {
    const source = recording();
    const limiter = limiterOf({ source, maxSubjects: 10 });
    for (let index = 0; index < 100; index++) await limiter.take(userCaller(`user-${index}`), here);
    await limiter.take(userCaller('user-0'), here);
    await limiter.take(userCaller('user-99'), here);
    expect(source.asked).toHaveLength(101);
  });

  it('answers between the limit and the limit + workers × lease, however workers and leases interleave', async () => {
    const schedule = fc.record({
      workers: fc.integer({ min: 1, max: 5 }),
      lease: fc.integer({ min: 1, max: 25 }),
      perHour: fc.integer({ min: 1, max: 120 }),
      turns: fc.infiniteStream(fc.nat()),
    });
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), schedule, async (scheduler, { workers, lease, perHour, turns }) => {
        const shared = memoryLeaseSource();
        // Requests and answers of the source arrive in any order.
        const source: LeaseSource = {
          lease: async (request) => {
            await scheduler.schedule(Promise.resolve());
            const answer = await shared.lease(request);
            await scheduler.schedule(Promise.resolve());
            return answer;
          },
        };
        const limiters = Array.from({ length: workers }, () => limiterOf({ source, perHour, lease }));
        const requests = perHour + 2 * workers * lease;
        const asking = Array.from({ length: requests }, () => {
          const limiter = limiters[(turns.next().value ?? 0) % workers] ?? limiterOf();
          return scheduler.schedule(Promise.resolve()).then(() => limiter.take(ann, here));
        });
        const states = scheduler.waitFor(Promise.all(asking));
        let allowed = (await states).filter((state) => state?.allowed).length;
        // Whoever is left goes to the one worker that may still have something, until every one of them refuses.
        for (const limiter of limiters) {
          const last = answered(limiter, requests);
          allowed += await scheduler.waitFor(last);
        }
        expect(allowed).toBeGreaterThanOrEqual(perHour);
        expect(allowed).toBeLessThan(perHour + workers * lease);
      }),
      { numRuns: 30 },
    );
  });
});
