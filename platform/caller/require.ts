import { RequestError } from '../errors/request-error.ts';
import { hasScope, subjectOf, type Caller, type Scope } from './caller.ts';

/** Returns the caller's subject key; throws `UNAUTHENTICATED` for a caller without any id. */
export function requireSubject(caller: Caller): string {
  const subject = subjectOf(caller);
  if (subject === null) {
    throw new RequestError('UNAUTHENTICATED', 'Sign in, or send an anonymous id (a UUID) as x-anonymous-id.');
  }
  return subject;
}

/** Throws `FORBIDDEN` unless the caller holds `scope`. */
export function requireScope(caller: Caller, scope: Scope): void {
  if (!hasScope(caller, scope)) throw new RequestError('FORBIDDEN', `This needs scope ${scope}.`);
}

/** Throws `FORBIDDEN` unless what `ownerId` names is the caller's own, or the caller holds `scope`. */
export function requireOwner(caller: Caller, ownerId: string, scope: Scope): void {
  if (subjectOf(caller) !== ownerId && !hasScope(caller, scope)) {
    throw new RequestError('FORBIDDEN', `This is another's. It needs scope ${scope}.`);
  }
}
