import type { z } from 'zod';
import type { BatchCache } from './batch-cache.ts';
import type { RedisConnection } from './redis-client.ts';

/**
 * A cache in Redis, one for all hosts, of values that are JSON of `schema`; what is not is a miss. `name` is what its keys
 * begin with. Reads are one command; writes go out together. Without Redis every call fails at once.
 */
export function redisBatchCache<T>(
  redis: RedisConnection,
  name: string,
  schema: z.ZodType<T>,
): BatchCache<T> {
  const keyOf = (key: string): string => `bouquet:${name}:${key}`;
  return {
    getMany: async (keys) => {
      const texts = await redis.client().mGet(keys.map(keyOf));
      return texts.map((text) => (text === null ? undefined : read(text, schema)));
    },
    setMany: async (entries, ttlMs) => {
      const client = redis.client();
      const expiration = { type: 'PX', value: Math.ceil(ttlMs) } as const;
      await Promise.all(
        entries.map(({ key, value }) => client.set(keyOf(key), JSON.stringify(value), { expiration })),
      );
    },
    deleteMany: async (keys) => {
      await redis.client().del(keys.map(keyOf));
    },
  };
}

function read<T>(text: string, schema: z.ZodType<T>): T | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
