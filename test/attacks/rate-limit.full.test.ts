import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startChild, type ChildServer } from '../e2e/child-server.ts';
import { copyPgliteFolder } from '../support/databases.ts';
import { startRedis, type RedisServer } from '../support/redis-server.ts';

const perHour = 1000;
const lease = 20;

describe('two servers that share Redis', () => {
  let redis: RedisServer;
  const servers: ChildServer[] = [];
  const folders: string[] = [];
  beforeAll(async () => {
    redis = await startRedis();
    for (let index = 0; index < 2; index++) {
      const folder = copyPgliteFolder();
      folders.push(folder);
      servers.push(
        await startChild({
          DATA_DIR: folder,
          REDIS_URL: redis.url,
          RATE_LIMIT_PER_HOUR: String(perHour),
          RATE_LIMIT_LEASE: String(lease),
        }),
      );
    }
  }, 120_000);
  afterAll(async () => {
    for (const server of servers) {
      server.process.kill('SIGTERM');
      await server.ended;
    }
    await redis.stop();
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  /** The answer of the server whose turn it is. */
  const ask = (turn: number, headers: Record<string, string>): Promise<Response> =>
    fetch(`${servers[turn % servers.length]?.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: '{"query":"{ __typename }"}',
    });

  it('answer a user who sends twice the limit at once no more than the limit and their leases', async () => {
    const flood = Array.from({ length: 2 * perHour }, async (_, turn) => {
      const response = await ask(turn, { 'x-user-id': 'greedy' });
      return { status: response.status, body: await response.text(), headers: response.headers };
    });
    // Others come while it lasts, and are not hurt.
    const others = Array.from({ length: 50 }, async (_, turn) => {
      const response = await ask(turn, { 'x-user-id': `patient-${turn}` });
      return response.status;
    });
    const answers = await Promise.all(flood);
    expect(await Promise.all(others)).toEqual(Array.from({ length: 50 }, () => 200));

    const answered = answers.filter(({ status }) => status === 200);
    expect(answered.length).toBeGreaterThanOrEqual(perHour);
    expect(answered.length).toBeLessThan(perHour + servers.length * lease);
    const refused = answers.filter(({ status }) => status === 429);
    expect(answered.length + refused.length).toBe(answers.length);
    for (const { body, headers } of refused) {
      expect(body).toContain('"RATE_LIMITED"');
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(3_000);
    }
  }, 120_000);

  it('refuse a user on either of them, and nobody else', async () => {
    expect((await ask(0, { 'x-user-id': 'greedy' })).status).toBe(429);
    expect((await ask(1, { 'x-user-id': 'greedy' })).status).toBe(429);
    expect((await ask(0, { 'x-user-id': 'late' })).status).toBe(200);
    expect((await ask(1, {})).status).toBe(200);
  });

  it('are not outwitted by forged addresses and anonymous ids', async () => {
    const flood = Array.from({ length: 2 * perHour }, async (_, turn) => {
      const response = await ask(turn, {
        'x-forwarded-for': `198.51.${turn >> 8}.${turn % 256}`,
        'x-anonymous-id': `00000000-0000-4000-8000-${String(turn).padStart(12, '0')}`,
      });
      await response.arrayBuffer();
      return response.status;
    });
    const answered = (await Promise.all(flood)).filter((status) => status === 200).length;
    expect(answered).toBeGreaterThanOrEqual(perHour - 2);
    expect(answered).toBeLessThan(perHour + servers.length * lease);
  }, 120_000);
});
