import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { copyPgliteFolder, createPostgresDatabase } from '../support/databases.ts';
import { runChild, startChild, type ChildServer } from './child-server.ts';
import { fillMarketplace } from './fixture.ts';
import { GraphqlClient } from './graphql-client.ts';
import { KeepAliveLoad } from './keep-alive-load.ts';
import { readSeries } from './read-series.ts';
import { isAlive, spareOf, workersOf } from './server-processes.ts';

const key = randomBytes(32).toString('base64');
const clients = 16;

const children: ChildServer[] = [];
const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) {
    child.process.kill('SIGKILL');
    await child.ended;
  }
});
afterAll(async () => {
  for (const cleanUp of cleanUps) await cleanUp();
});

async function start(...given: Parameters<typeof startChild>): Promise<ChildServer> {
  const child = await startChild(...given);
  children.push(child);
  return child;
}

function newFolder(): string {
  const folder = copyPgliteFolder();
  cleanUps.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function onPostgres(): Promise<NodeJS.ProcessEnv> {
  const { url, drop } = await createPostgresDatabase();
  cleanUps.push(drop);
  return { DATABASE_URL: url, DATABASE_POOL_SIZE: '5', DATA_DIR: newFolder() };
}

/** Two workers with content, both of which answer. */
async function startTwo(environment: NodeJS.ProcessEnv): Promise<ChildServer> {
  const server = await start({ WORKERS: '2', ADMIN_PORT: '0', ...environment });
  await expect.poll(server.output, { timeout: 30_000 }).toContain('All 2 workers answer.');
  await fillMarketplace(new GraphqlClient(server.url), 20);
  return server;
}

/** How many workers tell their metrics, and how often one was replaced. */
async function workersUp(server: ChildServer): Promise<{ up: number; restarts: number }> {
  const metrics = [...(await readSeries(server))];
  const total = (name: string): number =>
    metrics.filter(([series]) => series.startsWith(name)).reduce((sum, [, value]) => sum + value, 0);
  return { up: total('bouquet_worker_up'), restarts: total('bouquet_worker_restarts_total') };
}

/** Sends one request on a connection of its own, which the next worker in turn gets. */
function askOnNewConnection(url: string, payload: object): Promise<string> {
  const body = JSON.stringify(payload);
  const headers = { 'content-type': 'application/json', 'x-user-id': 'pager' };
  return new Promise((resolve, reject) => {
    const asked = request(`${url}/graphql`, { method: 'POST', agent: false, headers }, (response) => {
      resolve(text(response));
    });
    asked.once('error', reject);
    asked.end(body);
  });
}

const places = [
  { database: 'PGlite', environment: () => Promise.resolve({ DATA_DIR: newFolder() }) },
  { database: 'PostgreSQL', environment: onPostgres },
];

describe.each(places)('two workers on $database', ({ environment }) => {
  it('both answer, are replaced when killed, and lose nothing when told to end', async () => {
    const server = await startTwo(await environment());
    const load = new KeepAliveLoad(server.url, { clients, refusalEnds: false });
    await expect.poll(() => load.outcome.answered, { timeout: 30_000 }).toBeGreaterThan(200);
    const before = await readSeries(server);
    for (const worker of [0, 1]) {
      expect(before.get(`bouquet_worker_up{worker="${worker}"}`)).toBe(1);
      const count = `bouquet_request_duration_seconds_count{outcome="ok",worker="${worker}"}`;
      expect(before.get(count)).toBeGreaterThan(0);
    }
    expect(load.outcome.failures).toEqual([]);

    for (const restarts of [1, 2, 3]) {
      const spare = await spareOf(server);
      const [killed = 0] = await workersOf(server);
      process.kill(killed, 'SIGKILL');
      const answered = load.outcome.answered;
      await expect
        .poll(() => workersUp(server), { timeout: 30_000, interval: 50 })
        .toEqual({ up: 2, restarts });
      await expect.poll(() => load.outcome.answered, { timeout: 30_000 }).toBeGreaterThan(answered + 100);
      const workers = await workersOf(server);
      expect(workers).toHaveLength(2);
      expect(workers).not.toContain(killed);
      expect(workers).toContain(spare);
    }
    const { failures } = await load.stop();
    // One at most for each connection at each kill: those on which a request was in flight.
    expect(failures.length).toBeLessThan(3 * clients);
    expect(failures.every((reason) => ['ECONNRESET', 'EPIPE'].includes(reason))).toBe(true);

    const last = new KeepAliveLoad(server.url, { clients, refusalEnds: true });
    await expect.poll(() => last.outcome.answered, { timeout: 30_000 }).toBeGreaterThan(200);
    server.process.kill('SIGTERM');
    expect((await last.untilRefused()).failures).toEqual([]);
    expect(await server.ended).toBe(0);
  }, 120_000);

  it('are one server to who pages through a feed, whichever worker answers', async () => {
    const server = await startTwo(await environment());
    const ids: string[] = [];
    let after: string | null = null;
    for (let pages = 0; pages < 6; pages++) {
      const query = `query($after: String) { feed(first: 8, after: $after) { edges { cursor node { content { id } } } } }`;
      const page = await askOnNewConnection(server.url, { query, variables: { after } });
      ids.push(...[...page.matchAll(/"id":"([^"]+)"/g)].map(([, id = '']) => id));
      after = [...page.matchAll(/"cursor":"([^"]+)"/g)].at(-1)?.[1] ?? null;
    }
    expect(ids).toHaveLength(48);
    expect(new Set(ids).size).toBe(48);
    const metrics = await readSeries(server);
    const hits = [0, 1].map(
      (worker) =>
        metrics.get(`bouquet_cache_reads_total{tier="feed-snapshot",result="hit",worker="${worker}"}`) ?? 0,
    );
    // Some of the fixture's probes were first pages, which need no snapshot; these five needed one, and each found it.
    expect(Math.min(...hits)).toBeGreaterThan(0);
  }, 60_000);

  it('show one that hangs as down', async () => {
    const server = await startTwo(await environment());
    const [hanging = 0] = await workersOf(server);
    process.kill(hanging, 'SIGSTOP');
    expect((await workersUp(server)).up).toBe(1);
    process.kill(hanging, 'SIGCONT');
    await expect.poll(() => workersUp(server), { timeout: 10_000 }).toEqual({ up: 2, restarts: 0 });
  }, 60_000);

  it('replace a spare that dies, which is no worker', async () => {
    const server = await startTwo(await environment());
    const killed = await spareOf(server);
    process.kill(killed, 'SIGKILL');
    await expect.poll(() => isAlive(killed), { timeout: 10_000 }).toBe(false);
    expect(await spareOf(server)).not.toBe(killed);
    expect(await workersUp(server)).toEqual({ up: 2, restarts: 0 });
  }, 60_000);

  it('leave nothing behind when the primary is killed', async () => {
    const server = await startTwo(await environment());
    const processes = [await spareOf(server), ...(await workersOf(server))];
    server.process.kill('SIGKILL');
    await expect.poll(() => processes.filter(isAlive), { timeout: 10_000 }).toEqual([]);
    await expect(fetch(`${server.url}/healthz`)).rejects.toThrow('fetch failed');
  }, 60_000);

  it('are all counted by systemHealth', async () => {
    const server = await startTwo(await environment());
    await spareOf(server);
    const client = new GraphqlClient(server.url);
    await expect
      .poll(
        async () => {
          const { data } = await client.raw(
            '{ systemHealth(window: LAST_HOUR) { workers { worker } } }',
            {},
            { user: 'ada' },
          );
          return JSON.stringify(data);
        },
        { timeout: 20_000 },
      )
      .toBe('{"systemHealth":{"workers":[{"worker":0},{"worker":1}]}}');
  }, 60_000);
});

describe('workers of a distributed installation', () => {
  it('lose no request when everything is told to end under load', async () => {
    const shared = { ...(await onPostgres()), GATEWAY_SIGNING_KEY: key, CURSOR_SIGNING_KEYS: key };
    const names = ['content', 'feed', 'experiments', 'metrics'];
    const subgraphs = await Promise.all(
      names.map((name) =>
        start({ ...shared, WORKERS: name === 'content' ? '2' : '1' }, ['start', 'subgraph', name]),
      ),
    );
    const urls = Object.fromEntries(
      names.map((name, index) => [`SUBGRAPH_${name.toUpperCase()}_URL`, `${subgraphs[index]?.url}/graphql`]),
    );
    const gateway = await start({ ...shared, ...urls, WORKERS: '2' }, ['start', 'gateway']);
    await fillMarketplace(new GraphqlClient(gateway.url), 20);
    const load = new KeepAliveLoad(gateway.url, { clients, refusalEnds: true });
    await expect.poll(() => load.outcome.answered, { timeout: 60_000 }).toBeGreaterThan(200);
    const all = [gateway, ...subgraphs];
    for (const child of all) child.process.kill('SIGTERM');
    expect((await load.untilRefused()).failures).toEqual([]);
    expect(await Promise.all(all.map((child) => child.ended))).toEqual([0, 0, 0, 0, 0]);
  }, 180_000);
});

describe('workers that cannot start', () => {
  it('say in one sentence that the port is in use', async () => {
    const first = await start({ DATA_DIR: newFolder() });
    const { port } = new URL(first.url);
    const second = runChild({ DATA_DIR: newFolder(), PORT: port, WORKERS: '2' }, ['start', '--no-seed']);
    expect(await second.ended).toBe(1);
    expect(second.output()).toContain(`port ${port} is in use`);
    expect(second.output()).not.toMatch(/\n\s+at /);
  });

  it('end the primary with what they said, once', async () => {
    const shared = { ...(await onPostgres()), WORKERS: '2' };
    const child = runChild(shared, ['start', 'subgraph', 'feed']);
    expect(await child.ended).toBe(2);
    expect(child.output().match(/the configuration is wrong/g)).toHaveLength(1);
    expect(child.output()).toContain('GATEWAY_SIGNING_KEY: must be set');
  });
});
