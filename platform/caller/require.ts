import { RequestError } from '../errors/request-error.ts';
import { subjectOf, type Caller } from './caller.ts';

/** Returns the caller's subject key; throws `UNAUTHENTICATED` for a caller without any id. */
export function requireSubject(caller: Caller): string {
  const subject = subjectOf(caller);
  if (subject === null) {
    throw new RequestError('UNAUTHENTICATED', 'Sign in, or send an anonymous id (a UUID) as x-anonymous-id.');
  }
  return subject;
}
