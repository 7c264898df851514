import { gunzipSync } from 'node:zlib';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RequestError } from '#platform/errors/request-error.ts';
import { Cors } from '#platform/http/cors.ts';
import { HttpServer } from '#platform/http/http-server.ts';
import { createLogger } from '#platform/logging/logger.ts';
import { payloadOf, type FeaturesPayload } from './features-payload.ts';
import { featuresPrefix, featuresRoute } from './features-route.ts';

const caller = { region: null, locale: null, key: null, scopes: new Set<never>() };
const set = (value: string, day = 25) => ({
  features: { cards: { defaultValue: value } },
  changedAt: new Date(Date.UTC(2026, 10, day)),
});

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

describe('/api/features/', () => {
  let server: HttpServer;
  let url: string;
  const features: { payload: FeaturesPayload | null } = { payload: null };
  beforeAll(async () => {
    server = new HttpServer({
      graphql: () => Promise.reject(new Error('not asked')),
      route: featuresRoute({
        features,
        checkClientKey: (text) =>
          text === 'sdk-good'
            ? Promise.resolve()
            : Promise.reject(new RequestError('NOT_FOUND', 'No such key.')),
        admit: ({ headers }) =>
          headers['x-many'] === undefined
            ? Promise.resolve({ ...caller, kind: 'anonymous', anonymousId: null })
            : Promise.reject(new RequestError('RATE_LIMITED', 'Too many.')),
      }),
      cors: new Cors({ origins: [], localhost: false, openPrefix: featuresPrefix }),
      ready: () => Promise.resolve(true),
      logger: createLogger('silent'),
    });
    url = `http://127.0.0.1:${await server.listen(0, '127.0.0.1')}`;
  });
  beforeEach(async () => {
    features.payload = await payloadOf(set('small'));
  });
  afterAll(() => server.drain(0));

  /** Sends no header but these: `fetch` would add `accept-encoding`. */
  const ask = (headers: Record<string, string> = {}, key = 'sdk-good', method = 'GET'): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const asked = httpRequest(`${url}${featuresPrefix}${key}`, { method, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.once('end', () =>
          resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) }),
        );
      });
      asked.once('error', reject);
      asked.end();
    });

  it("answers in the SDK's format, for caches and for pages of any origin", async () => {
    const { status, headers, body } = await ask({ origin: 'https://any.example' });
    expect([status, JSON.parse(body.toString())]).toEqual([
      200,
      {
        status: 200,
        features: { cards: { defaultValue: 'small' } },
        dateUpdated: '2026-11-25T00:00:00.000Z',
      },
    ]);
    expect(headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'cache-control': expect.stringMatching(/^public, max-age=\d+, stale-while-revalidate=\d+/),
      'access-control-allow-origin': '*',
      vary: 'Accept-Encoding',
    });
    expect(headers).not.toHaveProperty('content-encoding');
  });

  it('answers a preflight of any origin', async () => {
    const headers = { origin: 'https://any.example', 'access-control-request-method': 'GET' };
    expect(await ask(headers, 'sdk-good', 'OPTIONS')).toMatchObject({
      status: 204,
      headers: { 'access-control-allow-origin': '*', 'access-control-allow-methods': 'GET, HEAD' },
    });
  });

  it('answers 304 to who has it, until it changes', async () => {
    const etag = (await ask()).headers.etag ?? '';
    expect(etag).toMatch(/^"[^"]+"$/);
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const { status, headers, body } = await ask({ 'if-none-match': known });
      expect([known, status, headers.etag, body.length]).toEqual([known, 304, etag, 0]);
      expect(headers['cache-control']).toContain('max-age=');
    }
    expect((await ask({ 'if-none-match': '"other"' })).status).toBe(200);
    features.payload = await payloadOf(set('big', 26));
    expect((await ask({ 'if-none-match': etag })).status).toBe(200);
  });

  it('compresses for who accepts it, under a tag of its own', async () => {
    const plain = await ask();
    for (const accepted of ['gzip', 'deflate, gzip;q=0.5, *;q=0', 'br, GZIP']) {
      const { headers, body } = await ask({ 'accept-encoding': accepted });
      expect(headers['content-encoding'], accepted).toBe('gzip');
      expect(gunzipSync(body)).toEqual(plain.body);
      expect(headers.etag).not.toBe(plain.headers.etag);
      expect(await ask({ 'accept-encoding': 'gzip', 'if-none-match': headers.etag ?? '' })).toMatchObject({
        status: 304,
      });
    }
    for (const refused of ['gzip;q=0', 'gzip; q=0.000', 'br', 'xgzip', '']) {
      const { headers } = await ask({ 'accept-encoding': refused });
      expect(headers['content-encoding'], refused).toBeUndefined();
    }
  });

  it('answers HEAD without a body, and nothing but HEAD and GET', async () => {
    const head = await ask({}, 'sdk-good', 'HEAD');
    expect([head.status, head.headers.etag, head.body.length]).toEqual([200, (await ask()).headers.etag, 0]);
    expect(await ask({}, 'sdk-good', 'POST')).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } });
  });

  it.each([
    ['a key that is not good', 'sdk-bad', {}, 404, 'NOT_FOUND'],
    ['no key', '', {}, 404, 'NOT_FOUND'],
    ['a path below a key', 'sdk-good/more', {}, 404, 'NOT_FOUND'],
    ['a limit that is reached', 'sdk-good', { 'x-many': '1' }, 429, 'RATE_LIMITED'],
  ])('refuses %s, in a form that a page may read', async (_what, key, headers, expected, code) => {
    const answer = await ask(headers, key);
    expect([answer.status, JSON.parse(answer.body.toString())]).toMatchObject([
      expected,
      { errors: [{ extensions: { code } }] },
    ]);
    expect(answer.headers).toMatchObject({ 'access-control-allow-origin': '*', 'cache-control': 'no-store' });
  });

  it('says that it cannot answer before the features were read', async () => {
    features.payload = null;
    expect((await ask()).status).toBe(503);
  });
});
