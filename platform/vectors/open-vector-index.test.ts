import { createServer } from 'node:http';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { openVectorIndex } from './open-vector-index.ts';

it('is embedded without QDRANT_URL, and else asks the server at it with the key', async () => {
  const embedded = openVectorIndex({ QDRANT_URL: undefined, QDRANT_API_KEY: undefined });
  expect(await embedded.count()).toBe(0);

  const asked: unknown[] = [];
  const server = createServer(({ url, headers }, response) => {
    asked.push([url, headers['api-key']]);
    response.writeHead(500).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = z.object({ port: z.int() }).parse(server.address());
  const index = openVectorIndex({ QDRANT_URL: `http://127.0.0.1:${port}/below`, QDRANT_API_KEY: 'key' });
  await expect(index.count()).rejects.toThrow(/^Qdrant /);
  expect(asked).toEqual([['/below/collections/bouquet-current/points', 'key']]);
  server.closeAllConnections();
  server.close();
});
