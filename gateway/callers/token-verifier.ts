import { hash } from 'node:crypto';
import { errors, jwtVerify } from 'jose';
import QuickLru from 'quick-lru';
import { RequestError } from '#platform/errors/request-error.ts';
import type { Logger } from '#platform/logging/logger.ts';
import { checkTokenForm, checkTokenSize } from './bearer-token.ts';
import { refused } from './credential.ts';
import { KeySetUnavailableError } from './remote-key-set.ts';
import { readClaims, type TokenClaims } from './token-claims.ts';
import type { TokenKeys } from './token-keys.ts';

export interface TokenVerifierOptions {
  readonly keys: TokenKeys;
  readonly issuer: string;
  readonly audience: string;
  readonly logger: Logger;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/** Milliseconds for which a verified token is not verified again. */
const maxCachedMs = 60_000;
/** Verified tokens that are remembered: some 10 MB. The cache holds up to twice as many before it drops the older half. */
const maxCachedTokens = 25_000;
/** Seconds by which the clocks of the issuer and of this machine may differ. */
const clockToleranceSeconds = 5;

/** Verifies JWTs (RFC 7519) of one issuer, each about once a minute: a verification costs 0.2 ms, a look-up some µs. */
export class TokenVerifier {
  readonly #options: Required<TokenVerifierOptions>;
  /** By SHA-256, so that a dump of the memory has fewer tokens in it. */
  readonly #verified = new QuickLru<string, { readonly claims: TokenClaims; readonly until: number }>({
    maxSize: maxCachedTokens,
  });

  constructor(options: TokenVerifierOptions) {
    this.#options = { now: Date.now, ...options };
  }

  /**
   * Returns what `token` says of its user.
   * @throws RequestError `UNAUTHENTICATED`, or `DEPENDENCY_UNAVAILABLE` where the keys cannot be fetched.
   */
  async verify(token: string): Promise<TokenClaims> {
    checkTokenSize(token);
    const digest = hash('sha256', token, 'base64url');
    const now = this.#options.now();
    const known = this.#verified.get(digest);
    if (known !== undefined && known.until > now) return known.claims;
    checkTokenForm(token);
    const claims = readClaims(await this.#payload(token, now));
    this.#verified.set(digest, { claims, until: Math.min(claims.exp * 1000, now + maxCachedMs) });
    return claims;
  }

  async #payload(token: string, now: number): Promise<unknown> {
    const { keys, issuer, audience, logger } = this.#options;
    try {
      const { payload } = await jwtVerify(token, keys.find, {
        algorithms: [...keys.algorithms],
        issuer,
        audience,
        requiredClaims: ['exp', 'sub'],
        clockTolerance: clockToleranceSeconds,
        currentDate: new Date(now),
      });
      return payload;
    } catch (error) {
      if (error instanceof KeySetUnavailableError) {
        throw new RequestError('DEPENDENCY_UNAVAILABLE', 'Tokens cannot be verified now. Try again.');
      }
      // Of jose's errors only the code: they carry the claims.
      if (error instanceof errors.JOSEError) logger.debug({ reason: error.code }, 'a token was refused');
      else logger.warn({ err: error }, 'a token could not be verified');
      throw refused(reasonOf(error));
    }
  }
}

/** Claims are looked at after the signature, so whoever reads about them holds a token that the issuer has signed. */
function reasonOf(error: unknown): string {
  if (error instanceof errors.JWTExpired) return 'The token is refused: it has expired.';
  if (error instanceof errors.JWTClaimValidationFailed) {
    return `The token is refused: its claim ${error.claim} is missing or wrong.`;
  }
  return 'The token is refused.';
}
