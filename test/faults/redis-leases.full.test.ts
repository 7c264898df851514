import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LeaseSource } from '../../gateway/rate-limit/lease-source.ts';
import { RateLimiter } from '../../gateway/rate-limit/rate-limiter.ts';
import { redisLeaseSource } from '../../gateway/rate-limit/redis-lease-source.ts';
import { userCaller } from '../../gateway/rate-limit/test/callers.ts';
import { itLeases } from '../../gateway/rate-limit/test/lease-source-contract.ts';
import { RedisConnection } from '../../platform/cache/redis-client.ts';
import { createLogger } from '../../platform/logging/logger.ts';
import { startRedis, type RedisServer } from '../support/redis-server.ts';

const logger = createLogger('silent');
const ann = userCaller('ann');

let redis: RedisServer;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());

const connections: RedisConnection[] = [];
/** The source of one more process, connected. */
async function openSource(): Promise<LeaseSource> {
  const connection = new RedisConnection(redis.url, logger);
  connections.push(connection);
  const client = connection.client();
  await vi.waitFor(() => expect(client.isReady).toBe(true));
  return redisLeaseSource(client, logger);
}
afterEach(() => {
  for (const connection of connections.splice(0)) connection.close();
});

function limiterOf(source: LeaseSource): RateLimiter {
  return new RateLimiter({ source, perHour: 100, lease: 10, keyLimit: () => null });
}

async function answered(limiter: RateLimiter, times: number): Promise<number> {
  let allowed = 0;
  for (let index = 0; index < times; index++) {
    if ((await limiter.take(ann, '192.0.2.1'))?.allowed === true) allowed++;
  }
  return allowed;
}

describe('leases from Redis', () => {
  itLeases(async () => [await openSource(), await openSource()]);
});

/** Waits until what `one` uses is seen by `other`: the breaker lets a probe through after 10 s. */
async function untilTogether(one: LeaseSource, other: LeaseSource): Promise<void> {
  const request = { subject: `user:${randomUUID()}`, used: 0, wanted: 10, limit: 1_000_000 } as const;
  await vi.waitFor(
    async () => {
      await one.lease({ ...request, used: 1 });
      expect((await other.lease(request)).remaining).toBeLessThan(request.limit);
    },
    { timeout: 30_000, interval: 200 },
  );
}

describe('limits without Redis', () => {
  beforeEach(() => redis.restart());

  it('count on in each process while Redis is killed, and together again when it is back', async () => {
    const [source, otherSource] = [await openSource(), await openSource()];
    const [one, other] = [limiterOf(source), limiterOf(otherSource)];
    expect(await answered(one, 60)).toBe(60);
    await redis.kill();
    // The one knows of its own 60, the other of nothing.
    expect(await answered(one, 200)).toBe(40);
    expect(await answered(other, 200)).toBe(100);
    await redis.restart();
    await untilTogether(source, otherSource);
    await untilTogether(otherSource, source);
  }, 90_000);

  it('answer while Redis hangs, and count together again when it goes on', async () => {
    const [source, otherSource] = [await openSource(), await openSource()];
    const request = { subject: 'user:hang', used: 0, wanted: 10, limit: 100 } as const;
    await source.lease({ ...request, used: 30 });
    redis.pause();
    try {
      const leases = await Promise.all(
        Array.from({ length: 40 }, () => source.lease({ ...request, used: 1 })),
      );
      expect(leases.every(({ granted }) => granted === 10)).toBe(true);
      expect(await source.lease(request)).toMatchObject({ granted: 10, remaining: 30 });
    } finally {
      redis.resume();
    }
    await untilTogether(source, otherSource);
  }, 60_000);

  it('count in the process from the start where Redis has never been', async () => {
    await redis.kill();
    const connection = new RedisConnection(redis.url, logger);
    connections.push(connection);
    const limiter = limiterOf(redisLeaseSource(connection.client(), logger));
    expect(await answered(limiter, 200)).toBe(100);
  });
});
