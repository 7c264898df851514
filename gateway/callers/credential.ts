import type { IncomingHttpHeaders } from 'node:http';
import { RequestError } from '#platform/errors/request-error.ts';
import { keyMark } from './api-key.ts';

/** What a request was sent with to be known, not yet checked. */
export type Credential =
  { readonly kind: 'token'; readonly text: string } | { readonly kind: 'key'; readonly text: string };

/**
 * Reads `Authorization: Bearer …` (RFC 6750), a JWT or an API key, and `x-api-key`; null where there is neither.
 * @throws RequestError `UNAUTHENTICATED` for another scheme, a malformed header, or two credentials that differ.
 */
export function credentialOf(headers: IncomingHttpHeaders): Credential | null {
  const { authorization, 'x-api-key': apiKey } = headers;
  const bearer = authorization === undefined ? null : bearerText(authorization);
  const key = apiKey === undefined ? null : keyText(apiKey);
  if (bearer !== null && key !== null && bearer !== key) {
    throw refused('Send one credential: Authorization and x-api-key differ.');
  }
  const text = bearer ?? key;
  if (text === null) return null;
  return { kind: text.startsWith(keyMark) ? 'key' : 'token', text };
}

/** An `UNAUTHENTICATED` error; `message` says what to change and quotes nothing that was sent. */
export function refused(message: string): RequestError {
  return new RequestError('UNAUTHENTICATED', message);
}

function bearerText(authorization: string): string {
  const text = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
  if (text === undefined) throw refused('Authorization must be "Bearer" and one token or API key.');
  return text;
}

function keyText(header: string | string[]): string {
  if (typeof header !== 'string' || !header.startsWith(keyMark)) {
    throw refused(`x-api-key must be one API key, which begins with ${keyMark}`);
  }
  return header;
}
