import { RateLimiterRedis } from 'rate-limiter-flexible';
import type { RedisClient } from '#platform/cache/redis-client.ts';
import type { Logger } from '#platform/logging/logger.ts';
import { outOfReach } from './bounded-memory-limiter.ts';
import { CountedLeaseSource } from './counted-lease-source.ts';
import { InsuredLeaseSource } from './insured-lease-source.ts';
import { windowSeconds, type LeaseSource } from './lease-source.ts';

/** Design: every call to what is shared answers within 50 ms, or its caller goes on without. */
const redisDeadlineMs = 50;

/** Leases from Redis, in which all hosts count together. */
export function redisLeaseSource(redis: RedisClient, logger: Logger): LeaseSource {
  const counter = new RateLimiterRedis({
    storeClient: redis,
    useRedisPackage: true,
    rejectIfRedisNotReady: true,
    keyPrefix: 'bouquet:rate',
    points: outOfReach,
    duration: windowSeconds,
  });
  const shared = new CountedLeaseSource(counter);
  return new InsuredLeaseSource((request) => shared.lease(request), { deadlineMs: redisDeadlineMs, logger });
}
