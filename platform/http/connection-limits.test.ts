import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLogger } from '../logging/logger.ts';
import { maxBodyBytes, readBody } from './body.ts';
import { HttpServer } from './http-server.ts';
import { openSocket, readAll, sendRaw } from './test/raw-request.ts';

const head = 'POST /graphql HTTP/1.1\r\nHost: bouquet\r\n';
const hidden = 'GET /healthz HTTP/1.1\r\nHost: bouquet\r\n\r\n';

describe('connections', () => {
  let url: string;
  let server: HttpServer;
  beforeAll(async () => {
    server = new HttpServer({
      graphql: async (request: IncomingMessage, response: ServerResponse) => {
        response.end(`${(await readBody(request, maxBodyBytes)).length}`);
      },
      ready: () => Promise.resolve(true),
      logger: createLogger('silent'),
    });
    url = `http://127.0.0.1:${await server.listen(0, '127.0.0.1')}`;
  });
  afterAll(() => server.drain(100));

  it.each<[what: string, bytes: string, status: number]>([
    ['two lengths', `${head}Content-Length: 0\r\nContent-Length: ${hidden.length}\r\n\r\n${hidden}`, 400],
    [
      'a length and chunks',
      `${head}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${hidden}`,
      400,
    ],
    [
      'chunks and a length',
      `${head}Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n${hidden}`,
      400,
    ],
    [
      'chunks that come not last',
      `${head}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n${hidden}`,
      400,
    ],
    ['a coding nobody knows', `${head}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n${hidden}`, 400],
    ['a length that is no number', `${head}Content-Length: +5\r\n\r\n12345${hidden}`, 400],
    ['a space before the colon', `${head}Content-Length : 5\r\n\r\n12345${hidden}`, 400],
    ['a header over two lines', `${head}X-A: 1\r\n Content-Length: 5\r\n\r\n12345${hidden}`, 400],
    ['a bare line feed', `${head}X-A: 1\nContent-Length: 5\r\n\r\n12345${hidden}`, 400],
    ['no host', 'GET /healthz HTTP/1.1\r\n\r\n', 400],
    ['two hosts', 'GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n', 400],
    ['no HTTP', 'hello\r\n\r\n', 400],
    ['a chunk size that is none', `${head}Transfer-Encoding: chunked\r\n\r\nzz\r\n`, 400],
    ['headers of 20 KB', `${head}X-A: ${'a'.repeat(20_000)}\r\n\r\n`, 431],
    ['101 headers', `GET /healthz HTTP/1.1\r\nHost: b\r\n${'X-A: 1\r\n'.repeat(100)}\r\n`, 431],
    ['an expectation', `${head}Expect: a-miracle\r\nContent-Length: 0\r\n\r\n`, 417],
    ['a body over the limit', `${head}Content-Length: ${maxBodyBytes + 1}\r\n\r\n`, 413],
  ])('refuses %s and closes the connection', async (_what, bytes, status) => {
    const { statuses, text } = await sendRaw(url, bytes);
    expect(statuses).toEqual([status]);
    expect(text.toLowerCase()).toContain('connection: close');
    expect(text).toContain('"code":"BAD_USER_INPUT"');
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });

  it('takes 100 headers', async () => {
    const bytes = `GET /healthz HTTP/1.1\r\nHost: b\r\nConnection: close\r\n${'X-A: 1\r\n'.repeat(98)}\r\n`;
    expect((await sendRaw(url, bytes)).statuses).toEqual([200]);
  });

  it('says 100 Continue to who waits for it', async () => {
    const socket = openSocket(url);
    socket.write(`${head}Connection: close\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n`);
    socket.once('data', () => socket.write('{}'));
    expect((await readAll(socket)).statuses).toEqual([100, 200]);
  });
});
