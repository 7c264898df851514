import { scopes, type Scope } from '#platform/caller/caller.ts';

/** A key as a server holds it; times are milliseconds since 1970. */
export interface StoredKey {
  readonly id: string;
  readonly scopes: ReadonlySet<Scope>;
  readonly vendorId: string | null;
  /** Requests an hour; null: as for everybody. */
  readonly hourlyLimit: number | null;
  readonly expiresAt: number | null;
  readonly revokedAt: number | null;
  readonly secrets: readonly StoredSecret[];
}

export interface StoredSecret {
  /** SHA-256. */
  readonly hash: Buffer;
  /** When its overlap with a newer one ends; null for the newest. */
  readonly validUntil: number | null;
}

/** The scopes in `names` that this version knows. */
export function knownScopes(names: readonly string[]): Scope[] {
  return scopes.filter((scope) => names.includes(scope));
}
