import { createRemoteJWKSet, customFetch, type JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import type { Logger } from '#platform/logging/logger.ts';

export interface RemoteKeySetOptions {
  readonly logger: Logger;
  /** Milliseconds between two fetches for a key that the set lacks. */
  readonly cooldownMs?: number;
  /** Milliseconds without any fetch after one that failed. */
  readonly failurePauseMs?: number;
}

/** Milliseconds after which the set is fetched anew beside the requests, so that a withdrawn key stops to count. */
const refreshMs = 10 * 60_000;
/** Milliseconds for which the last set serves while the server of the keys does not answer. */
const maxAgeMs = 60 * 60_000;
const timeoutMs = 3_000;

const setSchema = z.looseObject({ keys: z.array(z.looseObject({})) });

/** The server of the keys does not answer, or not with keys: whether a token is good cannot be told. */
export class KeySetUnavailableError extends Error {
  constructor(cause?: unknown) {
    super('The JWKS server does not answer with keys.', { cause });
    this.name = 'KeySetUnavailableError';
  }
}

/**
 * Finds public keys in the JSON Web Key Set (RFC 7517) at `url`. A key that the set lacks fetches it anew, so that a
 * rotation is seen at once, yet no flood of made-up key ids reaches the server: fetches keep their distance, also
 * after a failure.
 * @throws KeySetUnavailableError, and jose's errors for a key that is not there.
 */
export function remoteKeySet(
  url: URL,
  { logger, cooldownMs = 10_000, failurePauseMs = 2_000 }: RemoteKeySetOptions,
): JWTVerifyGetKey {
  let fetchedAt = 0;
  let failedAt = Number.NEGATIVE_INFINITY;
  const fetchKeys: typeof fetch = async (input, init) => {
    if (Date.now() - failedAt < failurePauseMs) throw new KeySetUnavailableError();
    try {
      const response = await fetch(input, init);
      if (response.status !== 200) throw new Error(`It answers with status ${response.status}.`);
      const keys = setSchema.parse(await response.json());
      fetchedAt = Date.now();
      return Response.json(keys);
    } catch (error) {
      failedAt = Date.now();
      logger.warn({ err: error, host: url.host }, 'the JWKS server does not answer with keys');
      throw new KeySetUnavailableError(error);
    }
  };
  const keySet = createRemoteJWKSet(url, {
    cooldownDuration: cooldownMs,
    cacheMaxAge: maxAgeMs,
    timeoutDuration: timeoutMs,
    [customFetch]: fetchKeys,
  });
  return (header, token) => {
    const age = Date.now() - fetchedAt;
    // Whoever waits for this fetch waits in vain where it fails: the last set serves on. The failure has been logged.
    if (age > refreshMs && age < maxAgeMs) keySet.reload().catch(() => undefined);
    return keySet(header, token);
  };
}
