import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { formatApiKey, newKeyId, newSecret } from '../../gateway/callers/api-key.ts';
import { runChild, startChild, type ChildServer } from '../e2e/child-server.ts';
import { readSeries } from '../e2e/read-series.ts';
import { copyPgliteFolder, createPostgresDatabase } from '../support/databases.ts';
import { startPostgres } from '../support/postgres-server.ts';
import { scratchFolder } from '../support/scratch-folder.ts';
import { KeyLoad, onlyStatus, statusesOf } from './key-load.ts';

const signingKey = randomBytes(32).toString('base64');
/** Milliseconds within which every server has to know of a change. */
const everywhereMs = 5_000;

async function ask(url: string, key: string): Promise<Response> {
  return fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: '{"query":"{ __typename }"}',
  });
}

/** Every connection to the two servers was given `status` and nothing else. */
const only = (status: number): object[] => onlyStatus(status, 2, expect.any(Number));

describe('API keys under load, over two servers on one PostgreSQL, of which one has two workers', () => {
  let environment: NodeJS.ProcessEnv;
  let drop: () => Promise<void>;
  let servers: ChildServer[] = [];
  let urls: string[] = [];
  const keys: string[] = [];
  const folder = mkdtempSync(join(scratchFolder(), 'keys-'));

  beforeAll(async () => {
    const database = await createPostgresDatabase();
    drop = database.drop;
    environment = {
      NODE_ENV: 'production',
      DATABASE_URL: database.url,
      DATA_DIR: folder,
      CURSOR_SIGNING_KEYS: signingKey,
      LOG_LEVEL: 'debug',
    };
    servers = await Promise.all([
      startChild({ ...environment, WORKERS: '1' }),
      startChild({ ...environment, WORKERS: '2', ADMIN_PORT: '0' }),
    ]);
    await vi.waitUntil(() => servers[1]?.output().includes('All 2 workers answer.'), { timeout: 60_000 });
    urls = servers.map(({ url }) => url);
  }, 120_000);
  afterAll(async () => {
    for (const server of servers) server.process.kill('SIGTERM');
    await Promise.all(servers.map(({ ended }) => ended));
    await drop();
    rmSync(folder, { recursive: true, force: true });
  });

  const bouquet = async (...args: string[]): Promise<string> => {
    const child = runChild({ ...environment, LOG_LEVEL: 'error' }, ['keys', ...args]);
    expect(await child.ended, child.output()).toBe(0);
    return child.output();
  };
  const issued = async (...args: string[]): Promise<string> => {
    const key = /^bq_live_\w+$/m.exec(await bouquet(...args))?.[0] ?? '';
    keys.push(key);
    return key;
  };
  const listed = async (key: string): Promise<{ overlapUntil: string | null; state: string }> => {
    const id = key.split('_')[2];
    const record = z.object({ id: z.string(), overlapUntil: z.string().nullable(), state: z.string() });
    const found = z
      .array(record)
      .parse(JSON.parse(await bouquet('list', '--json')))
      .find((one) => one.id === id);
    if (found === undefined) throw new Error(`The key ${id} is not listed.`);
    return found;
  };

  /** Requests that each of the two workers has answered. */
  const answeredByWorkers = async (): Promise<(number | undefined)[]> => {
    const series = await Promise.all(servers.slice(1).map(readSeries));
    return [0, 1].map((worker) =>
      series[0]?.get(`bouquet_request_duration_seconds_count{outcome="ok",worker="${worker}"}`),
    );
  };

  it('rotates: no request fails within the overlap, and none passes 5 s after it', async () => {
    const old = await issued('create', '--name', 'rotating', '--scope', 'dashboard');
    const withOld = new KeyLoad(urls, old);
    await sleep(1_000);
    const renewed = await issued('rotate', old, '--overlap', '8s');
    const withNew = new KeyLoad(urls, renewed);
    const until = Date.parse((await listed(old)).overlapUntil ?? '');
    await sleep(until + everywhereMs + 2_000 - Date.now());
    const [oldAnswers, newAnswers] = await Promise.all([withOld.end(), withNew.end()]);
    const within = oldAnswers.filter(({ answeredAt }) => answeredAt < until);
    const after = oldAnswers.filter(({ sentAt }) => sentAt >= until + everywhereMs);
    expect(statusesOf(within)).toEqual(only(200));
    expect(statusesOf(after)).toEqual(only(401));
    expect(statusesOf(newAnswers)).toEqual(only(200));
    expect(oldAnswers.filter(({ status }) => status !== 200 && status !== 401)).toEqual([]);
    for (const answered of await answeredByWorkers()) expect(answered).toBeGreaterThan(0);
  }, 120_000);

  it('revokes: none passes 5 s later, on any process', async () => {
    const key = await issued('create', '--name', 'leaked', '--scope', 'dashboard');
    const underWay = new KeyLoad(urls, key);
    await sleep(1_000);
    const before = Date.now();
    await bouquet('revoke', key);
    const revokedAt = Date.now();
    await sleep(everywhereMs + 2_000);
    const answers = await underWay.end();
    const earlier = answers.filter(({ answeredAt }) => answeredAt < before);
    const later = answers.filter(({ sentAt }) => sentAt >= revokedAt + everywhereMs);
    expect(statusesOf(earlier)).toEqual(only(200));
    expect(statusesOf(later)).toEqual(only(401));
    expect((await listed(key)).state).toBe('revoked');
    const [refused] = await Promise.all(urls.map((url) => ask(url, key)));
    expect(refused?.headers.get('www-authenticate')).toBe('Bearer');
  }, 120_000);

  it('has written no key into a log line', () => {
    expect(keys.length).toBeGreaterThan(2);
    for (const server of servers) {
      for (const key of keys) expect(server.output()).not.toContain(key.slice(-49));
    }
  });
});

describe('API keys without the database', () => {
  it('serve on where they were known, and the rest cannot be told', async () => {
    const folder = mkdtempSync(join(scratchFolder(), 'keys-away-'));
    // The server may run as a system user of its own, which has to reach its folder.
    chmodSync(folder, 0o755);
    const postgres = await startPostgres(join(folder, 'postgresql'), ['-c', 'fsync=off']);
    const environment = {
      NODE_ENV: 'production',
      DATABASE_URL: await postgres.createDatabase('keys'),
      DATA_DIR: folder,
      CURSOR_SIGNING_KEYS: signingKey,
      LOG_LEVEL: 'error',
    };
    const server = await startChild(environment);
    const create = async (): Promise<string> => {
      const child = runChild(environment, ['keys', 'create', '--name', 'x', '--scope', 'dashboard']);
      await child.ended;
      return /^bq_live_\w+$/m.exec(child.output())?.[0] ?? '';
    };
    const known = await create();
    expect((await ask(server.url, known)).status).toBe(200);
    const stranger = formatApiKey({ id: newKeyId(), secret: newSecret() });
    await postgres.stop();
    expect((await ask(server.url, known)).status).toBe(200);
    expect((await ask(server.url, stranger)).status).toBe(503);
    server.process.kill('SIGKILL');
    await server.ended;
    rmSync(folder, { recursive: true, force: true });
  }, 120_000);
});

describe('API keys on the embedded database', () => {
  it('are made, rotated and revoked beside the running server', async () => {
    const folder = copyPgliteFolder();
    const server = await startChild({ DATA_DIR: folder, NODE_ENV: 'production' });
    const bouquet = async (...args: string[]): Promise<string> => {
      const child = runChild({ DATA_DIR: folder }, ['keys', ...args]);
      expect(await child.ended, child.output()).toBe(0);
      return child.output();
    };
    const key =
      /^bq_live_\w+$/m.exec(await bouquet('create', '--name', 'here', '--scope', 'dashboard'))?.[0] ?? '';
    expect((await ask(server.url, key)).status).toBe(200);
    expect(await bouquet('list')).toContain('here');
    const renewed = /^bq_live_\w+$/m.exec(await bouquet('rotate', key))?.[0] ?? '';
    expect([(await ask(server.url, key)).status, (await ask(server.url, renewed)).status]).toEqual([
      200, 200,
    ]);
    await bouquet('revoke', key);
    await sleep(everywhereMs);
    expect((await ask(server.url, renewed)).status).toBe(401);
    server.process.kill('SIGTERM');
    expect(await server.ended).toBe(0);
    expect(await bouquet('list', '--json')).toMatch(/"lastUsedAt": "\d/);
    rmSync(folder, { recursive: true, force: true });
  }, 120_000);
});
