import type { Config } from '#platform/config/config.ts';
import type { Database } from '#platform/database/database.ts';
import type { Logger } from '#platform/logging/logger.ts';
import { Callers } from './callers.ts';
import { KeyDirectory } from './key-directory.ts';
import { KeyUses, writeUses } from './key-uses.ts';
import { keySource } from './read-keys.ts';
import { tokenKeysOf } from './token-keys.ts';
import { TokenVerifier } from './token-verifier.ts';

export interface OpenCallersParts {
  readonly config: Pick<Config, 'NODE_ENV' | 'JWT_SECRET' | 'JWT_JWKS_URL' | 'JWT_ISSUER' | 'JWT_AUDIENCE'>;
  readonly database: Pick<Database, 'pool'>;
  readonly logger: Logger;
}

/** Reads the API keys and returns what tells callers, until it is closed. */
export async function openCallers({ config, database, logger }: OpenCallersParts): Promise<Callers> {
  const keys = new KeyDirectory({ source: keySource(database), logger });
  const uses = new KeyUses({ write: (used) => writeUses(database, used), logger });
  await keys.start();
  uses.start();
  return new Callers({
    trustHeaders: config.NODE_ENV !== 'production',
    tokens: tokenVerifierOf(config, logger),
    keys,
    uses,
  });
}

function tokenVerifierOf(config: OpenCallersParts['config'], logger: Logger): TokenVerifier | null {
  const { JWT_ISSUER: issuer, JWT_AUDIENCE: audience } = config;
  const keys = tokenKeysOf(config, logger);
  // The configuration has been checked: with keys there are both.
  if (keys === null || issuer === undefined || audience === undefined) return null;
  return new TokenVerifier({ keys, issuer, audience, logger });
}
