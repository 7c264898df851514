import { afterEach, describe, expect, it } from 'vitest';
import { createLogger } from '../logging/logger.ts';
import { Cors, type CorsOptions } from './cors.ts';
import { HttpServer } from './http-server.ts';

const running: HttpServer[] = [];
afterEach(() => Promise.all(running.splice(0).map((server) => server.drain(100))));

/** What a browser is told of a page of `origin`, and what GraphQL was asked meanwhile. */
async function ask(options: CorsOptions, method: 'GET' | 'OPTIONS', origin: string) {
  let reached = 0;
  const server = new HttpServer({
    graphql: (_request, response) => {
      reached++;
      response.end('{}');
      return Promise.resolve();
    },
    ready: () => Promise.resolve(true),
    cors: new Cors(options),
    logger: createLogger('silent'),
  });
  running.push(server);
  const url = `http://127.0.0.1:${await server.listen(0, '127.0.0.1')}/graphql`;
  const { status, headers } = await fetch(url, { method, headers: { origin } });
  return { status, reached, allowed: headers.get('access-control-allow-origin'), headers };
}

const shop = 'https://shop.example.com';

describe('Cors', () => {
  it('lets a listed page call, and answers its preflight without GraphQL', async () => {
    const preflight = await ask({ origins: [shop], localhost: false }, 'OPTIONS', shop);
    expect(preflight).toMatchObject({ status: 204, reached: 0, allowed: shop });
    expect(preflight.headers.get('access-control-allow-headers')).toContain('authorization');
    expect(preflight.headers.get('access-control-allow-credentials')).toBeNull();
    const call = await ask({ origins: [shop], localhost: false }, 'GET', shop);
    expect(call).toMatchObject({ status: 200, reached: 1, allowed: shop });
    expect(call.headers.get('vary')).toBe('Origin');
  });

  it('tells any other page nothing', async () => {
    const others = ['https://evil.example.com', 'http://shop.example.com', `${shop}.evil.com`, 'null', '*'];
    for (const origin of others) {
      for (const method of ['GET', 'OPTIONS'] as const) {
        const { allowed, headers } = await ask({ origins: [shop], localhost: false }, method, origin);
        expect(allowed, origin).toBeNull();
        expect(headers.get('vary')).toBe('Origin');
      }
    }
  });

  it('lets pages of this machine call in development', async () => {
    const local = [
      'http://localhost:5173',
      'https://localhost',
      'http://127.0.0.1:3000',
      'http://[::1]:3000',
    ];
    for (const origin of local) {
      expect((await ask({ origins: [], localhost: true }, 'GET', origin)).allowed).toBe(origin);
      expect((await ask({ origins: [], localhost: false }, 'GET', origin)).allowed).toBeNull();
    }
    for (const origin of [
      'http://localhost.evil.com',
      'http://evil.com/localhost',
      'http://127.0.0.1.evil.com',
    ]) {
      expect((await ask({ origins: [], localhost: true }, 'GET', origin)).allowed).toBeNull();
    }
  });
});
