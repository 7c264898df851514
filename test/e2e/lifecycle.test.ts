import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { afterAll, describe, expect, it } from 'vitest';
import { copyPgliteFolder, createPostgresDatabase } from '../support/databases.ts';
import { runChild, startChild, type ChildServer } from './child-server.ts';
import { fillMarketplace } from './fixture.ts';
import { GraphqlClient } from './graphql-client.ts';

const key = randomBytes(32).toString('base64');

describe('bouquet as a process', () => {
  const folders: string[] = [];
  const children: ChildServer[] = [];
  const newFolder = (): string => {
    const folder = copyPgliteFolder();
    folders.push(folder);
    return folder;
  };
  const start = async (...given: Parameters<typeof startChild>): Promise<ChildServer> => {
    const child = await startChild(...given);
    children.push(child);
    return child;
  };
  afterAll(async () => {
    for (const child of children) {
      child.process.kill('SIGKILL');
      await child.ended;
    }
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  it.each([
    ['SIGTERM', '1'],
    ['SIGINT', '2'],
  ] as const)(
    'ends cleanly on %s, with WORKERS=%s: everything in flight is answered',
    async (signal, WORKERS) => {
      const child = await start({ DATA_DIR: newFolder(), WORKERS });
      const client = new GraphqlClient(child.url);
      await fillMarketplace(client, 10);
      const inFlight = Array.from({ length: 20 }, (_, index) =>
        client.raw(
          '{ feed(first: 20) { edges { node { content { id title } } } } }',
          {},
          { user: `user-${index}` },
        ),
      );
      // The signal comes once the first answers are out and the others are on their way.
      await Promise.race(inFlight);
      child.process.kill(signal);
      for (const { data, errors } of await Promise.all(inFlight)) {
        expect(errors).toEqual([]);
        expect(data?.['feed']).toBeTruthy();
      }
      expect(await child.ended).toBe(0);
    },
  );

  it('says in one sentence that the data folder is in use', async () => {
    const folder = newFolder();
    await start({ DATA_DIR: folder });
    const second = runChild({ DATA_DIR: folder }, ['start']);
    expect(await second.ended).toBe(1);
    expect(second.output()).toContain(`The data folder ${folder} is in use by process`);
    expect(second.output()).not.toMatch(/\n\s+at /);
  });

  it('says in one sentence that the port is in use', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const child = runChild({ DATA_DIR: newFolder(), PORT: String(port) }, ['start', '--no-seed']);
    expect(await child.ended).toBe(1);
    expect(child.output()).toContain(String(port));
    expect(child.output()).toMatch(/PORT/);
    expect(child.output()).not.toMatch(/\n\s+at /);
    server.close();
  });

  it('says what is wrong with a variable, one line each', async () => {
    const child = runChild({ DATA_DIR: newFolder(), PORT: 'http', LOG_LEVEL: 'loud' }, ['start']);
    expect(await child.ended).toBe(2);
    expect(child.output()).toMatch(/PORT: .*\n.*LOG_LEVEL: /);
  });

  it('runs distributed: four subgraphs and a gateway, each a process', async () => {
    const { url, drop } = await createPostgresDatabase();
    const shared = {
      DATABASE_URL: url,
      DATA_DIR: newFolder(),
      GATEWAY_SIGNING_KEY: key,
      CURSOR_SIGNING_KEYS: key,
    };
    const names = ['content', 'feed', 'experiments', 'metrics'];
    const subgraphs = await Promise.all(names.map((name) => start(shared, ['start', 'subgraph', name])));
    const urls = Object.fromEntries(
      names.map((name, index) => [`SUBGRAPH_${name.toUpperCase()}_URL`, `${subgraphs[index]?.url}/graphql`]),
    );
    const gateway = await start({ ...shared, ...urls }, ['start', 'gateway']);
    const client = new GraphqlClient(gateway.url);
    await fillMarketplace(client, 10);
    const { data, errors } = await client.raw(
      '{ feed(first: 5) { edges { node { content { title vendor { name } } } } } }',
      {},
      { user: 'ada' },
    );
    expect(errors).toEqual([]);
    expect(JSON.stringify(data).match(/"title"/g)).toHaveLength(5);
    const direct = await fetch(`${subgraphs[0]?.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-user-id': 'ada' },
      body: JSON.stringify({ query: '{ __typename }' }),
    });
    expect(direct.status).toBe(401);
    for (const child of [gateway, ...subgraphs]) child.process.kill('SIGTERM');
    expect(await Promise.all([gateway, ...subgraphs].map((child) => child.ended))).toEqual([0, 0, 0, 0, 0]);
    await drop();
  }, 120_000);

  it('tells a gateway alone which subgraph it lacks', async () => {
    const child = runChild({ DATA_DIR: newFolder() }, ['start', 'gateway']);
    expect(await child.ended).toBe(2);
    expect(child.output()).toContain('SUBGRAPH_FEED_URL');
  });
});
