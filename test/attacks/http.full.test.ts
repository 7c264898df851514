import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSocket, readAll, sendRaw } from '../../platform/http/test/raw-request.ts';
import { identity, tokenOf } from '../e2e/production.ts';
import { askAttacked, post, startAttacked, type AttackedServer } from './attacked-server.ts';
import { bystanderDuring } from './bystander.ts';
import { hiddenRequests, requestHead as head } from './hidden-requests.ts';

const query = '{"query":"{ __typename }"}';
const record = 'mutation($input: [InteractionInput!]!) { recordInteractions(input: $input) { accepted } }';

describe('hostile HTTP', () => {
  let server: AttackedServer;
  let production: AttackedServer;
  beforeAll(async () => {
    server = await startAttacked({});
    production = await startAttacked({
      NODE_ENV: 'production',
      JWT_SECRET: identity.secret,
      JWT_ISSUER: identity.issuer,
      JWT_AUDIENCE: identity.audience,
    });
  });
  afterAll(() => Promise.all([server.close(), production.close()]));

  /** Runs `attack` beside a bystander, whose requests are all answered. */
  const harmless = async (attack: () => Promise<void>): Promise<void> => {
    const { failed, sent, p99Ms } = await bystanderDuring(server.url, attack);
    process.stdout.write(`bystander: ${sent} requests, p99 ${p99Ms.toFixed(1)} ms\n`);
    expect([failed, sent > 0]).toEqual([0, true]);
  };

  it('a body over 2 MB is refused before it is read, whoever sends it', () =>
    harmless(async () => {
      const announced = await sendRaw(server.url, `${head}Content-Length: 2147483648\r\n\r\n`);
      expect(announced.statuses).toEqual([413]);
    }));

  it('a body over 100 KB is refused to strangers, in chunks, and to others but for interactions', async () => {
    const filler = 'x'.repeat(110_000);
    const variables = { input: [], filler };
    const large = { query: '{ content(id: "a") { id } }', variables: { filler } };
    const tooLarge = { status: 413, code: 'BAD_USER_INPUT' };
    const asUser = { authorization: `Bearer ${await tokenOf('mallory')}` };
    expect(await askAttacked(production.url, post({ query: record, variables }))).toMatchObject(tooLarge);
    expect(await askAttacked(production.url, post(large, asUser))).toMatchObject(tooLarge);
    const taken = await askAttacked(production.url, post({ query: record, variables }, asUser));
    expect(taken).toMatchObject({ status: 200, code: null });
    const catalogue = await askAttacked(server.url, post(large));
    expect(catalogue).toMatchObject({ status: 200, code: null });
    // Of a caller whose announced bodies may be as large.
    const socket = openSocket(server.url);
    const answer = readAll(socket);
    socket.write(`${head}Transfer-Encoding: chunked\r\n\r\n`);
    for (let count = 0; count < 20; count++) socket.write(`10000\r\n${'x'.repeat(0x10000)}\r\n`);
    expect((await answer).statuses).toEqual([413]);
  });

  it(
    'slow headers, slow bodies and silence end in time',
    () =>
      harmless(async () => {
        const drip = async (start: string, next: string, everyMs: number) => {
          const socket = openSocket(server.url);
          const answer = readAll(socket);
          socket.write(start);
          const timer = setInterval(() => socket.write(next), everyMs);
          try {
            return await answer;
          } finally {
            clearInterval(timer);
          }
        };
        const answers = await Promise.all([
          ...Array.from({ length: 50 }, () => drip(head, 'X-A: 1\r\n', 1_000)),
          ...Array.from({ length: 50 }, () => drip(`${head}Content-Length: 1000\r\n\r\n`, '{', 1_000)),
          drip(`${head}Transfer-Encoding: chunked\r\n\r\n`, '1\r\n{\r\n', 1_000),
          drip('', '', 1_000),
        ]);
        for (const { statuses, text } of answers) {
          expect(statuses).toEqual([408]);
          expect(text).toContain('"code":"BAD_USER_INPUT"');
        }
      }),
    60_000,
  );

  it('a request never hides in another', () =>
    harmless(async () => {
      for (const request of hiddenRequests) {
        expect((await sendRaw(server.url, request)).statuses, request).toEqual([400]);
      }
    }));

  it('two requests on one connection are two answers', async () => {
    const one = `${head}Content-Length: ${query.length}\r\n`;
    const { statuses } = await sendRaw(
      server.url,
      `${one}\r\n${query}${one}Connection: close\r\n\r\n${query}`,
    );
    expect(statuses).toEqual([200, 200]);
  });

  it('keys of prototypes are data', async () => {
    const search =
      'query($text: String!, $filter: ContentFilter) { searchContent(text: $text, filter: $filter) { totalCount } }';
    const bodies = [
      `{"query":${JSON.stringify(search)},"variables":{"text":"a","__proto__":{"first":1},"constructor":{"prototype":{"x":1}},"prototype":1}}`,
      `{"query":"{ __typename }","__proto__":{"polluted":true}}`,
      `{"query":"{ __typename }","extensions":{"__proto__":{"polluted":true}}}`,
    ];
    for (const body of bodies) {
      const { status } = await askAttacked(server.url, post(body));
      expect([200, 400]).toContain(status);
    }
    const nested = `{"query":${JSON.stringify(search)},"variables":{"text":"a","filter":{"__proto__":{"regions":["FR"]}}}}`;
    expect(await askAttacked(server.url, post(nested))).toMatchObject({ code: 'BAD_USER_INPUT' });
    // A variable may have the name; it is one like any other.
    const named = 'query($__proto__: ID!) { content(id: $__proto__) { id } }';
    const { status } = await askAttacked(
      server.url,
      post(`{"query":${JSON.stringify(named)},"variables":{"__proto__":"a"}}`),
    );
    expect(status).toBeLessThan(500);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
    expect(Reflect.get({}, 'first')).toBeUndefined();
    expect(await askAttacked(server.url, post({ query: '{ __typename }' }))).toMatchObject({ code: null });
  });

  it('thousands of connections that are dropped half-way leave it alive', () =>
    harmless(async () => {
      for (let round = 0; round < 20; round++) {
        const sockets = Array.from({ length: 50 }, () => openSocket(server.url));
        for (const socket of sockets) socket.write(`${head}Content-Length: ${query.length}\r\n\r\n{"que`);
        await sleep(20);
        for (const socket of sockets) socket.resetAndDestroy();
      }
      expect(await askAttacked(server.url, post({ query: '{ __typename }' }))).toMatchObject({ status: 200 });
    }));
});
