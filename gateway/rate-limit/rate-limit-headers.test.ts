import { afterEach, describe, expect, it } from 'vitest';
import { HttpServer } from '#platform/http/http-server.ts';
import { createLogger } from '#platform/logging/logger.ts';
import { memoryLeaseSource } from './counted-lease-source.ts';
import { applyRateLimit } from './rate-limit-headers.ts';
import { RateLimiter } from './rate-limiter.ts';
import { anonymousCaller, userCaller } from './test/callers.ts';

const running: HttpServer[] = [];
afterEach(() => Promise.all(running.splice(0).map((server) => server.drain(100))));

/** A server of which a request names its user by the query string. */
async function listen(perHour: number): Promise<{ url: string; ran: () => number }> {
  const limiter = new RateLimiter({
    source: memoryLeaseSource(),
    perHour,
    lease: 20,
    keyLimit: () => null,
  });
  let ran = 0;
  const server = new HttpServer({
    graphql: async (request, response) => {
      const user = /\?(.+)$/.exec(request.url ?? '')?.[1];
      const caller = user === undefined ? anonymousCaller : userCaller(user);
      applyRateLimit(response, await limiter.take(caller, '192.0.2.1'));
      ran++;
      response.end('done');
    },
    ready: () => Promise.resolve(true),
    logger: createLogger('silent'),
  });
  running.push(server);
  return { url: `http://127.0.0.1:${await server.listen(0, '127.0.0.1')}/graphql`, ran: () => ran };
}

describe('applyRateLimit', () => {
  it('tells every caller how it stands', async () => {
    const { url } = await listen(100);
    const first = await fetch(`${url}?ann`);
    expect(first.headers.get('RateLimit-Policy')).toBe('"user";q=100;w=3600');
    expect(first.headers.get('RateLimit')).toMatch(/^"user";r=99;t=(3600|3599)$/);
    expect(first.headers.get('Retry-After')).toBeNull();
    const second = await fetch(`${url}?ann`);
    expect(second.headers.get('RateLimit')).toMatch(/^"user";r=98;t=(3600|3599)$/);
    expect((await fetch(url)).headers.get('RateLimit')).toMatch(/^"address";r=99;/);
  });

  it('answers 429 with when to come back, and runs nothing', async () => {
    const { url, ran } = await listen(2);
    await fetch(url);
    await fetch(url);
    const refused = await fetch(url, { method: 'POST', body: '{"query":"{ __typename }"}' });
    expect(refused.status).toBe(429);
    expect(refused.headers.get('RateLimit')).toMatch(/^"address";r=0;t=\d+$/);
    const seconds = Number(refused.headers.get('Retry-After'));
    expect(seconds).toBeGreaterThan(3590);
    expect(seconds).toBeLessThanOrEqual(3600);
    expect(await refused.json()).toEqual({
      errors: [
        { message: expect.stringContaining('2 requests an hour'), extensions: { code: 'RATE_LIMITED' } },
      ],
    });
    expect(ran()).toBe(2);
    expect((await fetch(`${url}?ann`)).status).toBe(200);
  });

  it('says nothing of a limit where there is none', async () => {
    const { url } = await listen(0);
    const { headers, status } = await fetch(url);
    expect([status, headers.get('RateLimit'), headers.get('RateLimit-Policy')]).toEqual([200, null, null]);
  });
});
