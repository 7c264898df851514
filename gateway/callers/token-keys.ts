import type { JWTVerifyGetKey } from 'jose';
import type { Config } from '#platform/config/config.ts';
import type { Logger } from '#platform/logging/logger.ts';
import { remoteKeySet } from './remote-key-set.ts';

/** What the tokens of one issuer are verified by. */
export interface TokenKeys {
  /** One family only: were both allowed, a public key could be taken for a secret (RFC 8725, 2.1). */
  readonly algorithms: readonly string[];
  /** The key for a token's header; throws where there is none. */
  readonly find: JWTVerifyGetKey;
}

/** The keys by `JWT_SECRET` or `JWT_JWKS_URL`; null where neither is set and no token is accepted. */
export function tokenKeysOf(
  { JWT_SECRET, JWT_JWKS_URL }: Pick<Config, 'JWT_SECRET' | 'JWT_JWKS_URL'>,
  logger: Logger,
): TokenKeys | null {
  if (JWT_JWKS_URL !== undefined) {
    return {
      algorithms: ['RS256', 'PS256', 'ES256', 'EdDSA'],
      find: remoteKeySet(new URL(JWT_JWKS_URL), { logger }),
    };
  }
  if (JWT_SECRET === undefined) return null;
  // Imported once: of any other form jose makes a key anew for each token.
  const secret = crypto.subtle.importKey(
    'raw',
    Buffer.from(JWT_SECRET, 'utf8'),
    { name: 'HMAC', hash: 'SHA-256' },
    false,
    ['verify'],
  );
  return { algorithms: ['HS256'], find: () => secret };
}
