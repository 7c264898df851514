import { createSecretKey } from 'node:crypto';
import { createLocalJWKSet, exportJWK, exportSPKI, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  audience,
  base64url,
  CountedKeys,
  goodClaims,
  issuer,
  rawToken,
  seconds,
  secret,
  testTime,
  tokenWith,
  verifierWith,
} from './test/tokens.ts';
import type { TokenClaims } from './token-claims.ts';

const payloadText = JSON.stringify(goodClaims);
const header = '{"alg":"HS256"}';

function verify(token: string): Promise<TokenClaims> {
  return verifierWith(new CountedKeys()).verify(token);
}

/** Payloads that are well signed and yet no caller's. */
const wrongPayloads: [what: string, payload: string][] = [
  ['another audience', JSON.stringify({ ...goodClaims, aud: 'other' })],
  ['an audience that begins alike', JSON.stringify({ ...goodClaims, aud: 'bouquet-admin' })],
  ['an audience that is a number', JSON.stringify({ ...goodClaims, aud: 7 })],
  ['an audience that is an object', JSON.stringify({ ...goodClaims, aud: { bouquet: true } })],
  ['an audience in a list in a list', JSON.stringify({ ...goodClaims, aud: [[audience]] })],
  ['no audience in its list', JSON.stringify({ ...goodClaims, aud: [] })],
  ['another issuer', JSON.stringify({ ...goodClaims, iss: 'https://id.example' })],
  ['an issuer in a list', JSON.stringify({ ...goodClaims, iss: [issuer] })],
  ['an expiry that is over', JSON.stringify({ ...goodClaims, exp: seconds - 6 })],
  ['an expiry in words', JSON.stringify({ ...goodClaims, exp: 'tomorrow' })],
  ['an expiry beyond numbers', payloadText.replace(/"exp":\d+/, '"exp":1e999')],
  ['a beginning to come', JSON.stringify({ ...goodClaims, nbf: seconds + 6 })],
  ['no exp', JSON.stringify({ ...goodClaims, exp: undefined })],
  ['no sub', JSON.stringify({ ...goodClaims, sub: undefined })],
  ['no iss', JSON.stringify({ ...goodClaims, iss: undefined })],
  ['no aud', JSON.stringify({ ...goodClaims, aud: undefined })],
  ['an empty sub', JSON.stringify({ ...goodClaims, sub: '' })],
  ['a sub that is a number', JSON.stringify({ ...goodClaims, sub: 7 })],
  ['a sub with a space', JSON.stringify({ ...goodClaims, sub: 'ada lovelace' })],
  ['the sub of an anonymous caller', JSON.stringify({ ...goodClaims, sub: 'anonymous:1' })],
  ['the sub of a key', JSON.stringify({ ...goodClaims, sub: 'key:1' })],
  ['scopes in a list', JSON.stringify({ ...goodClaims, scope: ['privacy'] })],
  ['a region that is none', JSON.stringify({ ...goodClaims, region: 'everywhere' })],
  ['a claim twice', payloadText.replace('{', '{"sub":"eve",')],
  ['a claim twice, once escaped', payloadText.replace('{', String.raw`{"\u0073ub":"eve",`)],
  ['a name twice deep inside', payloadText.replace('{', '{"x":[{"a":{"b":1,"b":2}}],')],
  ['a list for a payload', '[]'],
  ['null for a payload', 'null'],
  ['no JSON for a payload', '{"sub":'],
];

const wrongHeaders: [what: string, header: string][] = [
  ['the algorithm none', '{"alg":"none"}'],
  ['the algorithm NONE', '{"alg":"NONE"}'],
  ['another HMAC', '{"alg":"HS512"}'],
  ['an algorithm in a list', '{"alg":["HS256"]}'],
  ['no algorithm', '{}'],
  ['an algorithm twice', '{"alg":"none","alg":"HS256"}'],
  ['a critical extension', '{"alg":"HS256","crit":["exp"],"exp":1}'],
  ['an empty list of critical extensions', '{"alg":"HS256","crit":[]}'],
  ['an unencoded payload', '{"alg":"HS256","b64":false,"crit":["b64"]}'],
  ['the type of a logout token', '{"alg":"HS256","typ":"logout+jwt"}'],
  ['a type that is no text', '{"alg":"HS256","typ":1}'],
  ['null for a header', 'null'],
];

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

  it.each(wrongPayloads)('refuses %s', async (_what, payload) => {
    await expect(verify(rawToken(header, payload))).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it.each(wrongHeaders)('refuses %s', async (_what, text) => {
    await expect(verify(rawToken(text, payloadText))).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('refuses another signature, none, a changed or cut token, and garbage, as the good one is accepted', async () => {
    const good = rawToken(header, payloadText);
    await expect(verify(good)).resolves.toMatchObject({ userId: 'ada' });
    const [head = '', payload = '', signature = ''] = good.split('.');
    const eve = base64url(payloadText.replace('ada', 'eve'));
    const wrong = [
      rawToken(header, payloadText, 'another secret of thirty-two bytes'),
      rawToken(header, payloadText, ''),
      new UnsecuredJWT(goodClaims).encode(),
      `${head}.${payload}.`,
      `${head}.${payload}`,
      `${head}.${eve}.${signature}`,
      good.slice(0, -1),
      `${good}A`,
      `${good}.${signature}`,
      `${good}=`,
      ` ${good}`,
      good.replace('.', '.\n'),
      `${head}.${payload}.${signature}`.replaceAll('.', '..'),
      '...',
      '\u0000.\u0000.\u0000',
      'x'.repeat(4_000),
      JSON.stringify({ payload, signatures: [{ protected: head, signature }] }),
    ];
    for (const token of wrong)
      await expect(verify(token), token).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
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
  let forged: string[] = [];
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
    const eve = await generateKeyPair('RS256', { extractable: true });
    const jwk = await exportJWK(eve.publicKey);
    const extras = [
      { kid: 'RS256' },
      { kid: 'RS256', jwk },
      { kid: 'RS256', jku: 'https://eve.example/jwks' },
      { kid: 'RS256', x5u: 'https://eve.example/cert' },
      { kid: '../../../../dev/null' },
      { kid: 'https://eve.example/key' },
      { kid: "RS256' OR '1'='1" },
      { kid: 'no-such-key', jwk },
    ];
    forged = await Promise.all(
      extras.map((extra) =>
        new SignJWT(goodClaims).setProtectedHeader({ alg: 'RS256', ...extra }).sign(eve.privateKey),
      ),
    );
  });

  it.each(algorithms)('accepts %s', async (alg) => {
    expect(await verifierWith(keys).verify(tokens.get(alg) ?? '')).toMatchObject({ userId: 'ada' });
  });

  it('refuses HS256 under the public key as a secret, whatever its form', async () => {
    for (const key of [publicPem, publicPem.trim(), publicPem.replaceAll(/-----.*-----|\n/g, ''), secret]) {
      for (const kid of ['RS256', 'EdDSA']) {
        const token = rawToken(JSON.stringify({ alg: 'HS256', kid }), payloadText, key);
        await expect(verifierWith(keys).verify(token)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
      }
    }
  });

  it('refuses keys that the token brings along, names as a URL, or as a path or SQL', async () => {
    expect(forged).toHaveLength(8);
    for (const token of forged) {
      await expect(verifierWith(keys).verify(token)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    }
  });

  it('refuses a token of another algorithm than its key', async () => {
    const [, payload, signature] = (tokens.get('RS256') ?? '').split('.');
    const asPss = `${base64url('{"alg":"PS256","kid":"RS256"}')}.${payload}.${signature}`;
    await expect(verifierWith(keys).verify(asPss)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });
});
