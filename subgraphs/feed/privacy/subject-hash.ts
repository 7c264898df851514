import { createHash, createHmac } from 'node:crypto';

/** SHA-256 of a subject, hexadecimal. */
export function hashSubject(subject: string): string {
  return createHash('sha256').update(subject).digest('hex');
}

/**
 * HMAC-SHA-256 of a user id under an anonymous subject, hexadecimal: only who has the anonymous id, which is not kept, can
 * find out whose it is.
 */
export function macOwner(anonymousSubject: string, userId: string): string {
  return createHmac('sha256', anonymousSubject).update(userId).digest('hex');
}
