import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createPostgresDatabase } from '../support/databases.ts';
import { runChild } from './child-server.ts';
import { fillMarketplace } from './fixture.ts';
import { GraphqlClient } from './graphql-client.ts';
import { ownChildren } from './own-children.ts';

const key = randomBytes(32).toString('base64');

describe('bouquet as a process', () => {
  const { newFolder, start } = ownChildren();

  it('says what is wrong with a variable, one line each', async () => {
    const child = runChild({ DATA_DIR: newFolder(), PORT: 'http', LOG_LEVEL: 'loud' }, ['start']);
    expect(await child.ended).toBe(2);
    expect(child.output()).toMatch(/PORT: .*\n.*LOG_LEVEL: /);
  });

  it("ends at once where the operator's own agent cannot be loaded", async () => {
    const environment = { DATA_DIR: newFolder(), CUSTOM_AGENT: './nowhere.ts' };
    const child = runChild(environment, ['start', '--no-seed']);
    expect(await child.ended).toBe(2);
    expect(child.output()).toMatch(/the configuration is wrong:\n {2}CUSTOM_AGENT: /);
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
