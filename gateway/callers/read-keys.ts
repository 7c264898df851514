import type { Database } from '#platform/database/database.ts';
import type { ClientKey } from './client-key-store.ts';
import { knownScopes, type StoredKey, type StoredSecret } from './stored-key.ts';

/** Milliseconds for one look at the keys, so that a connection that hangs does not hide a revocation for long. */
const lookTimeoutMs = 1_500;

/** A client key as a server holds it. */
export type StoredClientKey = Pick<ClientKey, 'key' | 'expiresAt' | 'revokedAt'>;

/** All keys at one moment. */
export interface KeySnapshot {
  /** Another after each change of a key. */
  readonly version: string;
  /** API keys by their public id. */
  readonly keys: ReadonlyMap<string, StoredKey>;
  /** Client keys of SDKs by their text. */
  readonly clientKeys: ReadonlyMap<string, StoredClientKey>;
}

interface SecretRow {
  readonly version: string;
  readonly id: string | null;
  readonly scopes: string[];
  readonly vendor_id: string | null;
  readonly hourly_limit: number | null;
  readonly expires_at: Date | null;
  readonly revoked_at: Date | null;
  readonly hash: Buffer | null;
  readonly valid_until: Date | null;
}

/** Where the keys stand. */
export interface KeySource {
  /** The version, which is another after each change of a key. */
  readonly version: () => Promise<string>;
  /** Every key, with a version no newer than the keys are. */
  readonly read: () => Promise<KeySnapshot>;
}

/** The keys of the schema `gateway`. */
export function keySource({ pool }: Pick<Database, 'pool'>): KeySource {
  return {
    version: async () => {
      const { rows } = await pool.query<{ version: string }>(
        timed('SELECT version FROM gateway.api_key_version'),
      );
      return versionOf(rows);
    },
    read: async () => {
      // The version first: what changes between the two statements is read again at the next look, and never missed.
      const { rows } = await pool.query<SecretRow>(timed(everyKey));
      const { rows: clientKeys } = await pool.query<StoredClientKey>(timed(everyClientKey));
      return {
        version: versionOf(rows),
        keys: keysOf(rows),
        clientKeys: new Map(clientKeys.map((row) => [row.key, row])),
      };
    },
  };
}

const everyKey = `
  SELECT v.version, k.id, k.scopes, k.vendor_id, k.hourly_limit, k.expires_at, k.revoked_at, s.hash, s.valid_until
  FROM gateway.api_key_version v
  LEFT JOIN gateway.api_key k ON true
  LEFT JOIN gateway.api_key_secret s ON s.key_id = k.id`;

const everyClientKey = `
  SELECT key, expires_at AS "expiresAt", revoked_at AS "revokedAt" FROM gateway.client_key`;

function keysOf(rows: readonly SecretRow[]): Map<string, StoredKey> {
  const keys = new Map<string, StoredKey>();
  for (const [id, secrets] of Map.groupBy(rows, (row) => row.id)) {
    const [row] = secrets;
    if (id === null || row === undefined) continue;
    keys.set(id, {
      id,
      scopes: new Set(knownScopes(row.scopes)),
      vendorId: row.vendor_id,
      hourlyLimit: row.hourly_limit,
      expiresAt: row.expires_at?.getTime() ?? null,
      revokedAt: row.revoked_at?.getTime() ?? null,
      secrets: secrets.flatMap(storedSecret),
    });
  }
  return keys;
}

function storedSecret({ hash, valid_until: validUntil }: SecretRow): StoredSecret[] {
  return hash === null ? [] : [{ hash, validUntil: validUntil?.getTime() ?? null }];
}

function versionOf(rows: readonly { readonly version: string }[]): string {
  const [row] = rows;
  if (row === undefined) throw new Error('gateway.api_key_version has lost its row.');
  return row.version;
}

/** `pg` gives up a statement after `query_timeout` ms and closes its connection, which its types do not say. */
function timed(text: string): { text: string; query_timeout: number } {
  return { text, query_timeout: lookTimeoutMs };
}
