/** Scopes that a caller may hold; which field needs which stands in the schema (`@access`) and docs/reference/access.md. */
export const scopes = ['catalogue', 'dashboard', 'experiments', 'partner', 'delegate', 'privacy'] as const;

export type Scope = (typeof scopes)[number];

/** What these open is of all vendors, so that they open nothing for a key that is bound to one. */
const scopesAcrossVendors: ReadonlySet<Scope> = new Set<Scope>(['dashboard', 'experiments', 'privacy']);

/** The API key that a request was made with. */
export interface CallerKey {
  /** Its public id, which may stand in logs. */
  readonly id: string;
  /** The only vendor whose rows the key may see and write; null where it is bound to none. */
  readonly vendorId: string | null;
}

interface CallerTraits {
  readonly scopes: ReadonlySet<Scope>;
  /** ISO 3166-1 alpha-2, as the request named it; the profile's region comes before it. */
  readonly region: string | null;
  /** BCP 47 tag, as the request named it; the profile's locale comes before it. */
  readonly locale: string | null;
  /** Null for a request without an API key. */
  readonly key: CallerKey | null;
}

/**
 * Who asks: a user, signed in or acted for by a key; a key for itself; or somebody unknown who may carry an anonymous id of
 * their own.
 */
export type Caller =
  | (CallerTraits & { readonly kind: 'user'; readonly userId: string })
  | (CallerTraits & { readonly kind: 'key'; readonly key: CallerKey })
  | (CallerTraits & { readonly kind: 'anonymous'; readonly anonymousId: string | null });

/** Prefix of the history of an anonymous caller; no user id may begin with it. */
export const anonymousPrefix = 'anonymous:';

/** Under what a caller's history, slates and profile are kept; null for a key for itself and a caller without any id. */
export function subjectOf(caller: Caller): string | null {
  if (caller.kind === 'user') return caller.userId;
  if (caller.kind === 'key') return null;
  return caller.anonymousId === null ? null : `${anonymousPrefix}${caller.anonymousId}`;
}

/** Prefix of the name of a key that acts for itself; no user id may begin with it. */
export const keyPrefix = 'key:';

/** Who did it, for what keeps the name of an owner: the subject, or `key:` and the key's id; null for a caller without any id. */
export function actorOf(caller: Caller): string | null {
  return caller.kind === 'key' ? `${keyPrefix}${caller.key.id}` : subjectOf(caller);
}

/** Whether the caller holds `scope`, and no vendor that its key is bound to keeps it from using it. */
export function hasScope(caller: Caller, scope: Scope): boolean {
  return caller.scopes.has(scope) && (boundVendorOf(caller) === null || !scopesAcrossVendors.has(scope));
}

/** The only vendor whose rows the caller may see and write, whoever its key acts for; null where there is no such bound. */
export function boundVendorOf({ key }: Caller): string | null {
  return key?.vendorId ?? null;
}
