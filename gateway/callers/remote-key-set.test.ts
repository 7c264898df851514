import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type JWK } from 'jose';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLogger } from '#platform/logging/logger.ts';
import { remoteKeySet } from './remote-key-set.ts';
import { goodClaims, testTime, verifierWith } from './test/tokens.ts';
import type { TokenVerifier } from './token-verifier.ts';

interface Signer {
  readonly kid: string;
  readonly jwk: JWK;
  readonly sign: (claims?: object, header?: object) => Promise<string>;
}

async function newSigner(kid: string): Promise<Signer> {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  return {
    kid,
    jwk: { ...(await exportJWK(publicKey)), kid, alg: 'ES256', use: 'sig' },
    sign: (claims = {}, header = {}) =>
      new SignJWT({ ...goodClaims, ...claims })
        .setProtectedHeader({ alg: 'ES256', kid, ...header })
        .sign(privateKey),
  };
}

describe('remoteKeySet', () => {
  let first: Signer;
  let second: Signer;
  let server: Server;
  let verifier: TokenVerifier;
  let published: JWK[];
  let status: number;
  let body: string | null;
  let fetches: number;

  beforeAll(async () => {
    [first, second] = await Promise.all([newSigner('k1'), newSigner('k2')]);
  });
  beforeEach(async () => {
    vi.useFakeTimers({ now: testTime, toFake: ['Date'] });
    [published, status, body, fetches] = [[first.jwk], 200, null, 0];
    server = createServer((_request, response) => {
      fetches++;
      response.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
      response.end(body ?? JSON.stringify({ keys: published }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = addressOf(server);
    const find = remoteKeySet(new URL(`http://127.0.0.1:${port}/jwks`), { logger: createLogger('silent') });
    verifier = verifierWith({ algorithms: ['ES256'], find }, Date.now);
  });
  afterEach(async () => {
    vi.useRealTimers();
    await new Promise((resolve) => server.close(resolve));
  });

  const pass = (ms: number): unknown => vi.setSystemTime(Date.now() + ms);

  it('fetches the keys once for many tokens', async () => {
    await Promise.all(
      Array.from({ length: 20 }, async (_, index) =>
        verifier.verify(await first.sign({ sub: `user-${index}` })),
      ),
    );
    expect(fetches).toBe(1);
  });

  it('follows a rotation: the new key at once, the old one until it is withdrawn', async () => {
    await verifier.verify(await first.sign());
    published = [first.jwk, second.jwk];
    pass(11_000);
    expect(await verifier.verify(await second.sign())).toMatchObject({ userId: 'ada' });
    expect(await verifier.verify(await first.sign({ sub: 'bob' }))).toMatchObject({ userId: 'bob' });
    published = [second.jwk];
    pass(11_000);
    await expect(verifier.verify(await first.sign({ sub: 'eve' }, { kid: 'k3' }))).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
    });
    await expect(verifier.verify(await first.sign({ sub: 'eve' }))).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
    });
    expect(fetches).toBe(3);
  });

  it('asks the server once in ten seconds, however many keys are made up', async () => {
    await verifier.verify(await first.sign());
    const flood = async (): Promise<void> => {
      for (let index = 0; index < 50; index++) {
        const token = await second.sign({}, { kid: `made-up-${index}` });
        await expect(verifier.verify(token)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
      }
    };
    await flood();
    expect(fetches).toBe(1);
    pass(11_000);
    await flood();
    expect(fetches).toBe(2);
  });

  it.each([
    ['fails', 500, null],
    ['redirects', 302, null],
    ['answers with no JSON', 200, '<html>'],
    ['answers with no keys', 200, '{}'],
  ])('cannot tell while the server %s, spares it, and recovers', async (_what, broken, text) => {
    [status, body] = [broken, text];
    for (let attempt = 0; attempt < 10; attempt++) {
      await expect(verifier.verify(await first.sign())).rejects.toMatchObject({
        code: 'DEPENDENCY_UNAVAILABLE',
      });
    }
    expect(fetches).toBe(1);
    [status, body] = [200, null];
    pass(2_001);
    expect(await verifier.verify(await first.sign())).toMatchObject({ userId: 'ada' });
  });

  it('serves on by the last keys for an hour while the server is away', async () => {
    await verifier.verify(await first.sign());
    status = 503;
    pass(59 * 60_000);
    expect(await verifier.verify(await first.sign({ exp: Date.now() / 1000 + 60 }))).toMatchObject({
      userId: 'ada',
    });
    await vi.waitFor(() => expect(fetches).toBe(2));
    pass(60_001);
    await expect(verifier.verify(await first.sign({ exp: Date.now() / 1000 + 60 }))).rejects.toMatchObject({
      code: 'DEPENDENCY_UNAVAILABLE',
    });
  });

  it('fetches nothing that a token names', async () => {
    let visits = 0;
    const trap = createServer((_request, response) => {
      visits++;
      response.end(JSON.stringify({ keys: [second.jwk] }));
    });
    await new Promise<void>((resolve) => trap.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${addressOf(trap).port}/`;
    for (const header of [{ jku: url }, { x5u: url }, { kid: url }, { jku: url, kid: 'k1' }]) {
      await expect(verifier.verify(await second.sign({}, header))).rejects.toMatchObject({
        code: 'UNAUTHENTICATED',
      });
    }
    expect(visits).toBe(0);
    await new Promise((resolve) => trap.close(resolve));
  });
});

function addressOf(server: Server): AddressInfo {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return address;
}
