import type { Caller } from '#platform/caller/caller.ts';

const traits = { scopes: new Set<never>(), region: null, locale: null };

/** A user who is signed in. */
export function userCaller(userId: string): Caller {
  return { kind: 'user', userId, ...traits, key: null };
}

/** A key for itself. */
export function keyCaller(id: string): Caller {
  return { kind: 'key', ...traits, key: { id, vendorId: null } };
}

/** A key that acts for a user. */
export function delegatingCaller(id: string, userId: string): Caller {
  return { kind: 'user', userId, ...traits, key: { id, vendorId: null } };
}

/** Somebody unknown. */
export const anonymousCaller: Caller = { kind: 'anonymous', anonymousId: null, ...traits, key: null };
