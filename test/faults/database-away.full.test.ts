import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { FeedPageDocument } from '../../schema/generated/documents.ts';
import { runChild, startChild, type ChildServer } from '../e2e/child-server.ts';
import { fillMarketplace, regions } from '../e2e/fixture.ts';
import { GraphqlClient } from '../e2e/graphql-client.ts';
import { createPostgresDatabase } from '../support/databases.ts';
import { startFaultProxy, type FaultMode, type FaultProxy } from './fault-proxy.ts';

const perRegion = 120;
/** Milliseconds with a feed every 100 ms before the database goes, and after. */
const trafficMs = 10_000;
let newcomers = 1_000;

describe('a feed while the database is away', () => {
  let database: Awaited<ReturnType<typeof createPostgresDatabase>>;
  let proxy: FaultProxy;
  let child: ChildServer;
  let folder: string;
  const client = new GraphqlClient('');

  const start = async (): Promise<void> => {
    const url = new URL(database.url);
    url.host = `127.0.0.1:${proxy.port}`;
    child = await startChild({
      DATABASE_URL: url.href,
      DATA_DIR: folder,
      WORKERS: '1',
      LOG_LEVEL: 'error',
    });
    client.url = child.url;
  };
  const stop = async (): Promise<void> => {
    child.process.kill('SIGKILL');
    await child.ended;
  };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'bq-away-'));
    database = await createPostgresDatabase();
    const { hostname, port } = new URL(database.url);
    proxy = await startFaultProxy(hostname, Number(port));
    await start();
    await fillMarketplace(client, perRegion);
    // What trends is read at the start and every minute.
    await stop();
    await start();
  });
  beforeEach(() => proxy.set('pass'));
  afterAll(async () => {
    await stop();
    await proxy.close();
    await database.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Reads the first page of somebody; returns what is wrong with it, and how it was made. */
  async function readFeed(index: number): Promise<{ problem: string | null; mode: string | null }> {
    const region = regions[index % regions.length] ?? 'US';
    const user = index % 4 === 0 ? {} : { user: `reader-${index}` };
    const { data, errors } = await client.ask(
      FeedPageDocument,
      { first: 20 },
      { ...user, headers: { 'x-region': region } },
    );
    const edges = data?.feed?.edges ?? [];
    const whole = edges.filter(
      ({ node }) => node != null && node.content.title !== '' && node.content.vendor.name !== '',
    );
    const foreign = edges.filter(({ node }) => node != null && node.content.region.code !== region);
    const mode = data?.feed?.ranking.mode ?? null;
    if (errors.length > 0) return { problem: errors.map(({ message }) => message).join(' '), mode };
    if (whole.length < 10) return { problem: `only ${whole.length} items`, mode };
    return { problem: foreign.length > 0 ? `${foreign.length} items of another region` : null, mode };
  }

  /** Reads a feed every 100 ms, of users who come again and of others; returns the problems and the modes of all. */
  async function traffic(forMs: number): Promise<{ problems: string[]; modes: Set<string | null> }> {
    const asked: ReturnType<typeof readFeed>[] = [];
    const until = performance.now() + forMs;
    for (let index = 0; performance.now() < until; index++) {
      asked.push(readFeed(index % 2 === 0 ? index % 40 : newcomers++));
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const answers = await Promise.all(asked);
    return {
      problems: answers.flatMap(({ problem }) => problem ?? []),
      modes: new Set(answers.map(({ mode }) => mode)),
    };
  }

  const recovered = (): Promise<void> =>
    vi.waitFor(async () => expect((await readFeed(newcomers++)).mode).toBe('MULTI_AGENT'), {
      timeout: 40_000,
      interval: 1_000,
    });

  it.each<FaultMode>(['refuse', 'stall'])(
    'has its items, with title, vendor and region, and no error: %s',
    async (fault) => {
      expect((await traffic(trafficMs)).problems).toEqual([]);
      proxy.set(fault);
      const { problems, modes } = await traffic(trafficMs);
      expect(problems).toEqual([]);
      expect(modes).toContain('TRENDING');
      proxy.set('pass');
      await recovered();
    },
  );

  it.each<FaultMode>(['refuse', 'stall'])(
    'has them for the first who asks after a start, too: %s',
    async (fault) => {
      await stop();
      await start();
      proxy.set(fault);
      const { problems, modes } = await traffic(5_000);
      expect(problems).toEqual([]);
      expect(modes).toEqual(new Set(['TRENDING']));
      proxy.set('pass');
      await recovered();
    },
  );

  it('is had by strangers where the server starts without it, and by everybody once it is back', async () => {
    await stop();
    proxy.set('refuse');
    await start();
    // Every fourth is one.
    const answers = await Promise.all(Array.from({ length: 12 }, (_, index) => readFeed(4 * index)));
    expect(answers).toEqual(answers.map(() => ({ problem: null, mode: 'TRENDING' })));
    proxy.set('pass');
    await recovered();
    expect((await readFeed(1)).problem).toBeNull();
  });

  it('is had by nobody where the server has never had that database', async () => {
    await stop();
    proxy.set('refuse');
    const other = new URL(database.url);
    other.host = `127.0.0.1:${proxy.port}`;
    other.pathname = '/other';
    const never = runChild({ DATABASE_URL: other.href, DATA_DIR: folder, WORKERS: '1' }, ['start']);
    expect(await never.ended).toBe(1);
    expect(never.output()).toContain('does not answer');
    proxy.set('pass');
    await start();
  });
});
