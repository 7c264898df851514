import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { startRedis, type RedisServer } from '../../test/support/redis-server.ts';
import { withBatchDeadline } from './batch-cache.ts';
import { redisBatchCache } from './redis-batch-cache.ts';
import { RedisConnection } from './redis-client.ts';

let redis: RedisServer;
let connection: RedisConnection;
beforeAll(async () => {
  redis = await startRedis();
  connection = new RedisConnection(redis.url, pino({ level: 'silent' }));
  await vi.waitUntil(() => connection.client().isReady);
});
afterAll(async () => {
  connection.close();
  await redis.stop();
});

describe('redisBatchCache', () => {
  it('keeps many values for their time, apart from caches of other names', async () => {
    const cache = redisBatchCache(connection, 'scores', z.number());
    await cache.setMany(
      [
        { key: 'a', value: 0 },
        { key: '["b"]', value: 0.25 },
      ],
      60_000,
    );
    expect(await cache.getMany(['a', 'none', '["b"]'])).toEqual([0, undefined, 0.25]);
    expect(await redisBatchCache(connection, 'others', z.number()).getMany(['a'])).toEqual([undefined]);
    await cache.deleteMany(['a']);
    expect(await cache.getMany(['a', '["b"]'])).toEqual([undefined, 0.25]);
    await cache.setMany([{ key: 'short', value: 1 }], 1);
    await vi.waitFor(async () => expect(await cache.getMany(['short'])).toEqual([undefined]));
  });

  it('takes what is not of its form for a miss', async () => {
    const texts = redisBatchCache(connection, 'mixed', z.string());
    await texts.setMany([{ key: 'a', value: 'words' }], 60_000);
    await connection.client().set('bouquet:mixed:b', '{');
    expect(await redisBatchCache(connection, 'mixed', z.number()).getMany(['a', 'b'])).toEqual([
      undefined,
      undefined,
    ]);
  });

  it('holds up nobody while Redis hangs, and works again after', async () => {
    const failures: unknown[] = [];
    const cache = withBatchDeadline(
      redisBatchCache(connection, 'slow', z.number()),
      (error) => failures.push(error),
      20,
    );
    redis.pause();
    expect(await cache.getMany(['a'])).toEqual([]);
    await cache.setMany([{ key: 'a', value: 1 }], 60_000);
    expect(failures).toHaveLength(2);
    redis.resume();
    await vi.waitFor(async () => {
      await cache.setMany([{ key: 'b', value: 1 }], 60_000);
      expect(await cache.getMany(['b'])).toEqual([1]);
    });
  });
});
