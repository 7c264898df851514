import { createSecretKey } from 'node:crypto';
import { createLocalJWKSet, exportJWK, exportSPKI, generateKeyPair, SignJWT } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  audience,
  base64url,
  CountedKeys,
  goodClaims,
  rawToken,
  seconds,
  secret,
  testTime,
  tokenWith,
  verifierWith,
} from './test/tokens.ts';
import { brokenTokens, tokensUnderOtherKeys, wrongHeaders, wrongPayloads } from './test/forged-tokens.ts';
import type { TokenClaims } from './token-claims.ts';

const payloadText = JSON.stringify(goodClaims);
const header = '{"alg":"HS256"}';

function verify(token: string): Promise<TokenClaims> {
  return verifierWith(new CountedKeys()).verify(token);
}

const accepted = { claims: goodClaims, secret, now: seconds };

describe('TokenVerifier', () => {
  it('reads user, scopes, region and locale, and ignores scopes of others', async () => {
    const token = await tokenWith(
      { scope: 'openid  dashboard admin delegate', region: 'fr', locale: 'en_GB', aud: ['other', audience] },
      { typ: 'at+jwt' },
    );
    expect(await verify(token)).toEqual({
      userId: 'ada',
      scopes: new Set(['dashboard', 'delegate']),
      region: 'FR',
      locale: 'en-GB',
      exp: goodClaims.exp,
    });
    expect(await verify(await tokenWith({ locale: '!' }))).toMatchObject({
      userId: 'ada',
      scopes: new Set(),
      region: null,
      locale: null,
    });
  });

  it.each(wrongPayloads(accepted))('refuses %s', async (_what, payload) => {
    await expect(verify(rawToken(header, payload))).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it.each(wrongHeaders)('refuses %s', async (_what, text) => {
    await expect(verify(rawToken(text, payloadText))).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it.each(brokenTokens(accepted))('refuses a token with %s', async (_what, token) => {
    await expect(verify(token)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('refuses characters that no header holds, around the good token too, which is accepted', async () => {
    const token = rawToken(header, payloadText);
    await expect(verify(token)).resolves.toMatchObject({ userId: 'ada' });
    for (const changed of [` ${token}`, token.replace('.', '.\n'), '\u0000.\u0000.\u0000']) {
      await expect(verify(changed)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    }
  });

  it('refuses other algorithms of the family, well signed by the right key', async () => {
    const strong = Buffer.alloc(64, secret);
    const keys = new CountedKeys(['HS256'], () => createSecretKey(strong));
    const signed = (alg: string): Promise<string> =>
      new SignJWT(goodClaims).setProtectedHeader({ alg }).sign(strong);
    await expect(verifierWith(keys).verify(await signed('HS256'))).resolves.toMatchObject({ userId: 'ada' });
    for (const alg of ['HS384', 'HS512']) {
      await expect(verifierWith(keys).verify(await signed(alg))).rejects.toMatchObject({
        code: 'UNAUTHENTICATED',
      });
    }
  });

  it('refuses a huge token before any work', async () => {
    const keys = new CountedKeys();
    const token = await tokenWith({ filler: 'x'.repeat(8_000) });
    await expect(verifierWith(keys).verify(token)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(keys.asked).toBe(0);
  });

  it('names the claim that is wrong to whoever holds a signed token, and to nobody else', async () => {
    const refusal = (token: string): Promise<unknown> =>
      verify(token).catch((error: unknown) => String(error));
    expect(await refusal(await tokenWith({ exp: seconds - 60 }))).toContain('it has expired');
    expect(await refusal(await tokenWith({ nbf: seconds + 6 }))).toContain('claim nbf');
    expect(await refusal(await tokenWith({ aud: 'other' }))).toContain('claim aud');
    expect(await refusal(await tokenWith({ sub: 'a b' }))).toContain('claim sub');
    const forged = rawToken(header, JSON.stringify({ ...goodClaims, aud: 'other' }), 'forged');
    expect(await refusal(forged)).not.toContain('aud');
  });
});

describe('the memory of verified tokens', () => {
  it('verifies a token once a minute and not beyond its expiry', async () => {
    const keys = new CountedKeys();
    let now = testTime;
    const verifier = verifierWith(keys, () => now);
    const token = await tokenWith({ exp: seconds + 90 });
    const askedAfter = async (ms: number): Promise<number> => {
      now = testTime + ms;
      await verifier.verify(token);
      return keys.asked;
    };
    expect(await askedAfter(0)).toBe(1);
    expect(await askedAfter(59_999)).toBe(1);
    expect(await askedAfter(60_000)).toBe(2);
    expect(await askedAfter(89_999)).toBe(2);
    // Within the tolerance between clocks it is verified each time.
    expect(await askedAfter(92_000)).toBe(3);
    expect(await askedAfter(92_000)).toBe(4);
    await expect(askedAfter(95_000)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('never takes a refused token for an accepted one', async () => {
    const keys = new CountedKeys();
    const verifier = verifierWith(keys);
    const good = await tokenWith();
    await verifier.verify(good);
    const forged = good.replace(/\.[\w-]+$/, `.${base64url('no signature of thirty-two bytes')}`);
    for (let attempt = 0; attempt < 3; attempt++) {
      await expect(verifier.verify(forged)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    }
    expect(keys.asked).toBe(4);
  });
});

describe('tokens under public keys', () => {
  const algorithms = ['RS256', 'PS256', 'ES256', 'EdDSA'];
  const tokens = new Map<string, string>();
  let keys: CountedKeys;
  let publicPem = '';
  beforeAll(async () => {
    const pairs = await Promise.all(
      algorithms.map(async (alg) => ({ alg, ...(await generateKeyPair(alg, { extractable: true })) })),
    );
    const jwks = {
      keys: await Promise.all(
        pairs.map(async ({ alg, publicKey }) => ({
          ...(await exportJWK(publicKey)),
          alg,
          kid: alg,
          use: 'sig',
        })),
      ),
    };
    keys = new CountedKeys(algorithms, createLocalJWKSet(jwks));
    for (const { alg, privateKey } of pairs) {
      tokens.set(alg, await new SignJWT(goodClaims).setProtectedHeader({ alg, kid: alg }).sign(privateKey));
    }
    const [rsa] = pairs;
    if (rsa !== undefined) publicPem = await exportSPKI(rsa.publicKey);
  });

  it.each(algorithms)('accepts %s', async (alg) => {
    expect(await verifierWith(keys).verify(tokens.get(alg) ?? '')).toMatchObject({ userId: 'ada' });
  });

  it('refuses HS256 under the public key as a secret, whatever its form, and keys that the token brings or names', async () => {
    const forged = await tokensUnderOtherKeys(goodClaims, { kid: 'RS256', publicPem });
    expect(forged).toHaveLength(11);
    for (const [what, token] of forged) {
      await expect(verifierWith(keys).verify(token), what).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    }
  });

  it('refuses a token of another algorithm than its key', async () => {
    const [, payload, signature] = (tokens.get('RS256') ?? '').split('.');
    const asPss = `${base64url('{"alg":"PS256","kid":"RS256"}')}.${payload}.${signature}`;
    await expect(verifierWith(keys).verify(asPss)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });
});
