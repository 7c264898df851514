import { createHmac, createSecretKey } from 'node:crypto';
import { SignJWT, type JWTHeaderParameters, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import { createLogger } from '#platform/logging/logger.ts';
import type { TokenKeys } from '../token-keys.ts';
import { TokenVerifier } from '../token-verifier.ts';

export const issuer = 'https://id.example/';
export const audience = 'bouquet';
export const secret = Buffer.from('a secret of thirty-two bytes or more');
/** Milliseconds since 1970 at which the tests take place. */
export const testTime = Date.UTC(2026, 10, 25);
export const seconds = testTime / 1000;

/** Claims that are accepted. */
export const goodClaims = { iss: issuer, aud: audience, sub: 'ada', exp: seconds + 600 };

/** A token of HS256 under `secret`, with members of `goodClaims` changed, or taken away by `undefined`. */
export function tokenWith(
  changes: JWTPayload = {},
  header: Partial<JWTHeaderParameters> = {},
): Promise<string> {
  return new SignJWT({ ...goodClaims, ...changes })
    .setProtectedHeader({ alg: 'HS256', ...header })
    .sign(secret);
}

/** A token of HS256 with exactly these texts for header and payload, well signed by `key`. */
export function rawToken(header: string, payload: string, key: Uint8Array | string = secret): string {
  const body = `${base64url(header)}.${base64url(payload)}`;
  return `${body}.${createHmac('sha256', key).update(body).digest('base64url')}`;
}

export function base64url(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64url');
}

/** Keys that count how often one is asked for, which is before each verification of a signature. */
export class CountedKeys implements TokenKeys {
  readonly algorithms: readonly string[];
  readonly #find: JWTVerifyGetKey;
  asked = 0;

  constructor(
    algorithms: readonly string[] = ['HS256'],
    find: JWTVerifyGetKey = () => createSecretKey(secret),
  ) {
    this.algorithms = algorithms;
    this.#find = find;
  }

  readonly find: JWTVerifyGetKey = (header, token) => {
    this.asked++;
    return this.#find(header, token);
  };
}

/** A verifier at `testTime`, or where `now` says. */
export function verifierWith(keys: TokenKeys, now = (): number => testTime): TokenVerifier {
  return new TokenVerifier({ keys, issuer, audience, logger: createLogger('silent'), now });
}
