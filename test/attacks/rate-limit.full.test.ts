import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startChild, type ChildServer } from '../e2e/child-server.ts';
import { copyPgliteFolder } from '../support/databases.ts';
import { startRedis, type RedisServer } from '../support/redis-server.ts';

const perHour = 1000;
const lease = 20;

/** Processes that count together. */
const counting = 2;

/** Servers that count together, and how to end what they stand on. */
interface Together {
  readonly servers: readonly ChildServer[];
  readonly end: () => Promise<void>;
}

const settings = { RATE_LIMIT_PER_HOUR: String(perHour), RATE_LIMIT_LEASE: String(lease) };

async function startSharingRedis(): Promise<Together> {
  const redis: RedisServer = await startRedis();
  const folders = [copyPgliteFolder(), copyPgliteFolder()];
  const servers = await Promise.all(
    folders.map((folder) => startChild({ DATA_DIR: folder, REDIS_URL: redis.url, ...settings })),
  );
  return {
    servers,
    end: async () => {
      await redis.stop();
      for (const folder of folders) rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function startWorkersOfOne(): Promise<Together> {
  const folder = copyPgliteFolder();
  const server = await startChild({ DATA_DIR: folder, WORKERS: '2', ...settings });
  while (!server.output().includes('All 2 workers answer.')) await sleep(20);
  const end = (): Promise<void> => Promise.resolve(rmSync(folder, { recursive: true, force: true }));
  return { servers: [server], end };
}

describe.each([
  ['two servers that share Redis', startSharingRedis],
  ['two workers of one server', startWorkersOfOne],
])('%s', (_name, start) => {
  let together: Together;
  beforeAll(async () => {
    together = await start();
  }, 120_000);
  afterAll(async () => {
    for (const server of together.servers) {
      server.process.kill('SIGTERM');
      await server.ended;
    }
    await together.end();
  });

  /** The answer of the server whose turn it is. */
  const ask = (turn: number, headers: Record<string, string>): Promise<Response> =>
    fetch(`${together.servers[turn % together.servers.length]?.url}/graphql`, {
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
    expect(answered.length).toBeLessThan(perHour + counting * lease);
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
    expect(answered).toBeLessThan(perHour + counting * lease);
  }, 120_000);
});
