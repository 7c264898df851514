import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { runChild } from './child-server.ts';
import { fillMarketplace } from './fixture.ts';
import { GraphqlClient } from './graphql-client.ts';
import { ownChildren } from './own-children.ts';

describe('bouquet as a process that is told to end, or cannot start', () => {
  const { newFolder, start } = ownChildren();

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
});
