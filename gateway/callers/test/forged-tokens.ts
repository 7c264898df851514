import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT, type JWTPayload } from 'jose';
import { base64url, rawToken } from './tokens.ts';

/** What a good token is made of, from which forged ones differ by one thing. */
export interface GoodToken {
  /** With `iss`, `aud`, `sub` and `exp`. */
  readonly claims: JWTPayload;
  /** For HS256. */
  readonly secret: Uint8Array;
  /** Seconds since 1970 at which it is sent. */
  readonly now: number;
}

type Described = readonly [what: string, text: string];

/** Payloads that are well signed and yet no caller's. */
export function wrongPayloads({ claims, now }: Omit<GoodToken, 'secret'>): readonly Described[] {
  const text = JSON.stringify(claims);
  const withClaims = (changes: object): string => JSON.stringify({ ...claims, ...changes });
  return [
    ['another audience', withClaims({ aud: 'other' })],
    ['an audience that begins alike', withClaims({ aud: `${String(claims.aud)}-admin` })],
    ['an audience that is a number', withClaims({ aud: 7 })],
    ['an audience that is an object', withClaims({ aud: { [String(claims.aud)]: true } })],
    ['an audience in a list in a list', withClaims({ aud: [[claims.aud]] })],
    ['no audience in its list', withClaims({ aud: [] })],
    ['another issuer', withClaims({ iss: `${claims.iss}.eve.example` })],
    ['an issuer that begins alike', withClaims({ iss: claims.iss?.slice(0, -1) })],
    ['an issuer in a list', withClaims({ iss: [claims.iss] })],
    ['an expiry that is over', withClaims({ exp: now - 6 })],
    ['an expiry in words', withClaims({ exp: 'tomorrow' })],
    ['an expiry beyond numbers', text.replace(/"exp":\d+/, '"exp":1e999')],
    ['a beginning to come', withClaims({ nbf: now + 60 })],
    ['no exp', withClaims({ exp: undefined })],
    ['no sub', withClaims({ sub: undefined })],
    ['no iss', withClaims({ iss: undefined })],
    ['no aud', withClaims({ aud: undefined })],
    ['an empty sub', withClaims({ sub: '' })],
    ['a sub that is a number', withClaims({ sub: 7 })],
    ['a sub with a space', withClaims({ sub: 'ada lovelace' })],
    ['the sub of an anonymous caller', withClaims({ sub: 'anonymous:1' })],
    ['the sub of a key', withClaims({ sub: 'key:1' })],
    ['scopes in a list', withClaims({ scope: ['privacy'] })],
    ['a region that is none', withClaims({ region: 'everywhere' })],
    ['a claim twice', text.replace('{', '{"sub":"eve",')],
    ['a claim twice, once escaped', text.replace('{', String.raw`{"\u0073ub":"eve",`)],
    ['a name twice deep inside', text.replace('{', '{"x":[{"a":{"b":1,"b":2}}],')],
    ['a list for a payload', '[]'],
    ['null for a payload', 'null'],
    ['no JSON for a payload', '{"sub":'],
  ];
}

/** Headers that are not those of a token of HS256. */
export const wrongHeaders: readonly Described[] = [
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

/** Tokens whose signature or form is not that of the good one. */
export function brokenTokens({ claims, secret }: Omit<GoodToken, 'now'>): readonly Described[] {
  const header = '{"alg":"HS256"}';
  const text = JSON.stringify(claims);
  const good = rawToken(header, text, secret);
  const [head = '', payload = '', signature = ''] = good.split('.');
  const eve = base64url(JSON.stringify({ ...claims, sub: 'eve' }));
  return [
    ['another secret', rawToken(header, text, 'another secret of thirty-two bytes')],
    ['an empty secret', rawToken(header, text, '')],
    ['no signature at all', new UnsecuredJWT(claims).encode()],
    ['an empty signature', `${head}.${payload}.`],
    ['no signature', `${head}.${payload}`],
    ["another payload under the good one's signature", `${head}.${eve}.${signature}`],
    ['its last character cut off', good.slice(0, -1)],
    ['a character more', `${good}A`],
    ['two signatures', `${good}.${signature}`],
    ['padding', `${good}=`],
    ['doubled dots', good.replaceAll('.', '..')],
    ['dots alone', '...'],
    ['a long word', 'x'.repeat(4_000)],
    ['the JSON form', JSON.stringify({ payload, signatures: [{ protected: head, signature }] })],
    ['over 8 KB', rawToken(header, JSON.stringify({ ...claims, filler: 'x'.repeat(8_000) }), secret)],
  ];
}

/**
 * Tokens of somebody who knows the public keys alone: HS256 under a public key as a secret, and RS256 under a key of their
 * own, which the token brings along or names. `kid` is of an RSA key, `publicPem` its public part.
 */
export async function tokensUnderOtherKeys(
  claims: JWTPayload,
  { kid, publicPem }: { kid: string; publicPem: string },
): Promise<readonly Described[]> {
  const forms = [publicPem, publicPem.trim(), publicPem.replaceAll(/-----.*-----|\n/g, '')];
  const text = JSON.stringify(claims);
  const eve = await generateKeyPair('RS256', { extractable: true });
  const jwk = await exportJWK(eve.publicKey);
  const headers = [
    { kid },
    { kid, jwk },
    { kid, jku: 'https://eve.example/jwks' },
    { kid, x5u: 'https://eve.example/cert' },
    { kid: '../../../../dev/null' },
    { kid: 'https://eve.example/key' },
    { kid: `${kid}' OR '1'='1` },
    { kid: 'no-such-key', jwk },
  ];
  return [
    ...forms.map(
      (key, index) =>
        [
          `HS256 under the public key, form ${index}`,
          rawToken(JSON.stringify({ alg: 'HS256', kid }), text, key),
        ] as const,
    ),
    ...(await Promise.all(
      headers.map(async (header) => {
        const token = new SignJWT(claims).setProtectedHeader({ alg: 'RS256', ...header });
        return [
          `the header ${Object.keys(header).join()} ${header.kid}`,
          await token.sign(eve.privateKey),
        ] as const;
      }),
    )),
  ];
}
