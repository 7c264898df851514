import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createQdrantIndex } from './qdrant-index.ts';
import { pointIdOf } from './qdrant-names.ts';
import { descriptionMissing, qdrantDescription } from './test/qdrant-description.ts';
import { startQdrantServer } from './test/qdrant-server.ts';
import { inBatches, randomPoints } from './test/vectors.ts';

const query = { vector: Float32Array.of(1, 0), limit: 10, regions: null, categories: [] };
const point = { id: 'a', vector: Float32Array.of(1, 0), region: 'FR', category: 'wedding' };
/** For servers that do answer: a busy machine must not look like a stalled server. */
const patientMs = 20_000;
const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function serverThat(answers: RequestListener): Promise<string> {
  const server = createServer(answers);
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${z.object({ port: z.int() }).parse(server.address()).port}`;
}

const json = { 'content-type': 'application/json' };
const failures: readonly [what: string, reason: string, message: RegExp, answers: RequestListener][] = [
  ['answers 500', 'UNAVAILABLE', /answered 500/, (_request, response) => void response.writeHead(500).end()],
  [
    'answers 503 with a reason',
    'UNAVAILABLE',
    /answered 503: starting/,
    (_request, response) =>
      void response.writeHead(503, json).end(JSON.stringify({ status: { error: 'starting' } })),
  ],
  [
    'is too busy',
    'UNAVAILABLE',
    /429/,
    (_request, response) => void response.writeHead(429, { ...json, 'retry-after': '3' }).end('{}'),
  ],
  [
    'refuses the key',
    'REFUSED',
    /check QDRANT_API_KEY/,
    (_request, response) => void response.writeHead(401).end('Invalid API key'),
  ],
  ['never answers', 'UNAVAILABLE', /did not answer within \d+ ms/, () => undefined],
  [
    'stalls in the middle of an answer',
    'UNAVAILABLE',
    /did not answer within \d+ ms/,
    (_request, response) => void response.writeHead(200, json).write('{"result":'),
  ],
  [
    'cuts the connection',
    'UNAVAILABLE',
    /cannot be reached|does not speak/,
    (request) => void request.socket.destroy(),
  ],
  [
    'answers a web page',
    'UNAVAILABLE',
    /does not speak as Qdrant does/,
    (_request, response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'),
  ],
  [
    'answers half of its JSON',
    'UNAVAILABLE',
    /does not speak as Qdrant does/,
    (_request, response) => void response.writeHead(200, json).end('{"result":'),
  ],
  [
    'answers other JSON',
    'UNAVAILABLE',
    /does not speak as Qdrant does/,
    (_request, response) => void response.writeHead(200, json).end('{"result":[{"payload":{"about":7}}]}'),
  ],
  [
    'is something else that knows no such path',
    'UNAVAILABLE',
    /answered 404/,
    (_request, response) => void response.writeHead(404).end('nothing here'),
  ],
];

describe('Qdrant adapter where the server fails', () => {
  it.each(failures)('says so when it %s', async (_what, reason, message, answers) => {
    const ms = message.source.includes('within') ? 150 : patientMs;
    const index = createQdrantIndex({ url: await serverThat(answers), searchMs: ms, writeMs: ms });
    const expected = expect.objectContaining({
      name: 'VectorIndexError',
      reason,
      message: expect.stringMatching(message),
    });
    await expect(index.search(query)).rejects.toThrow(expected);
    await expect(index.upsert([point])).rejects.toThrow(expected);
    await expect(index.remove(['a'])).rejects.toThrow(expected);
    await expect(index.count()).rejects.toThrow(expected);
    await expect(index.version()).rejects.toThrow(expected);
    await expect(index.replaceAll(inBatches([point]), { version: 'v', dimensions: 2 })).rejects.toThrow(
      expected,
    );
  });

  it('says so when nothing listens', async () => {
    const url = await serverThat(() => undefined);
    servers[0]?.close();
    const index = createQdrantIndex({ url, searchMs: patientMs });
    await expect(index.search(query)).rejects.toMatchObject({
      reason: 'UNAVAILABLE',
      message: expect.stringMatching(/cannot be reached: ECONNREFUSED/),
    });
  });

  it('stops asking a server that keeps failing', async () => {
    let asked = 0;
    const url = await serverThat((_request, response) => {
      asked++;
      response.writeHead(500).end();
    });
    const index = createQdrantIndex({ url, searchMs: patientMs });
    for (let call = 0; call < 60; call++) await index.search(query).catch(() => undefined);
    expect(asked).toBeLessThan(60);
    await expect(index.search(query)).rejects.toThrow('Qdrant failed too often');
  });

  it('leaves a stalled search as soon as the caller does', async () => {
    const index = createQdrantIndex({ url: await serverThat(() => undefined), searchMs: 60_000 });
    const reason = new Error('the caller has left');
    const controller = new AbortController();
    const search = index.search({ ...query, signal: controller.signal });
    controller.abort(reason);
    await expect(search).rejects.toBe(reason);
  });
});

describe('Qdrant adapter', () => {
  it('names points by a UUID of version 5 that depends on the id alone', () => {
    const ids = ['a', 'A', 'ä/ö ?#', 'x'.repeat(128)].map(pointIdOf);
    for (const id of ids)
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(new Set(ids).size).toBe(4);
    expect(pointIdOf('a')).toBe(ids[0]);
  });
});

describe.skipIf(descriptionMissing !== '')(
  `Qdrant adapter against its published description${descriptionMissing}`,
  () => {
    it('is held to it: unknown keys, wrong types and unknown parameters are faults', () => {
      const description = qdrantDescription();
      const fault = (body: unknown, search = ''): string | null =>
        description.requestFault(
          'put',
          '/collections/{collection_name}/points',
          new URLSearchParams(search),
          body,
        );
      const good = { id: pointIdOf('a'), vector: [1, 0], payload: { any: 'thing' } };
      expect(fault({ points: [good] }, 'wait=true')).toBeNull();
      expect(fault({ points: [{ ...good, id: 'not a uuid' }] })).not.toBeNull();
      expect(fault({ points: [{ ...good, region: 'FR' }] })).not.toBeNull();
      expect(fault({ points: [good], mode: 'insert' })).not.toBeNull();
      expect(fault({ points: [good] }, 'wait=perhaps')).not.toBeNull();
      expect(fault({ points: [good] }, 'block=true')).not.toBeNull();
      expect(fault(undefined)).not.toBeNull();
    });

    it('follows a swap by another process and sends large upserts in parts', async () => {
      const server = await startQdrantServer('key');
      const [one, two] = [1, 2].map(() =>
        createQdrantIndex({ url: server.url, apiKey: 'key', searchMs: patientMs }),
      );
      if (one === undefined || two === undefined) throw new Error('no index');
      const points = randomPoints(1300, { dimensions: 2 });
      await one.upsert(points);
      expect(await two.search(query)).toHaveLength(10);
      expect(await two.count()).toBe(1300);
      await one.replaceAll(inBatches([point]), { version: 'v2', dimensions: 2 });
      expect((await two.search(query)).map(({ id }) => id)).toEqual(['a']);
      expect((await two.search({ ...query, regions: ['FR'] })).map(({ id }) => id)).toEqual(['a']);
      expect(await two.version()).toBe('v2');
      expect(server.faults).toEqual([]);
      await server.close();
    });

    it('takes over from a process that died during a rebuild', async () => {
      const server = await startQdrantServer('key');
      const index = createQdrantIndex({ url: server.url, apiKey: 'key', searchMs: patientMs });
      const successor = createQdrantIndex({ url: server.url, apiKey: 'key', searchMs: patientMs });
      let inside = (): void => undefined;
      const begun = new Promise<void>((resolve) => {
        inside = resolve;
      });
      let go = (): void => undefined;
      const source = async function* (): AsyncGenerator<(typeof point)[]> {
        yield [point];
        inside();
        await new Promise<void>((resolve) => {
          go = resolve;
        });
        yield [{ ...point, id: 'b' }];
      };
      const stuck = index.replaceAll(source(), { version: 'stuck', dimensions: 2 });
      await begun;
      await successor.replaceAll(inBatches([{ ...point, id: 'c' }]), { version: 'v3', dimensions: 2 });
      go();
      await expect(stuck).rejects.toMatchObject({ name: expect.stringMatching(/Error/) });
      expect((await successor.search(query)).map(({ id }) => id)).toEqual(['c']);
      expect(await successor.version()).toBe('v3');
      await server.close();
    });
  },
);
