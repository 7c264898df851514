import type { IncomingMessage } from 'node:http';
import { HttpError } from './http-error.ts';

/** Media types that a form or an image cannot send without a preflight (Fetch standard, "CORS-safelisted"). */
const accepted = /^application\/(?:json|graphql\+json|graphql-response\+json)\s*(?:;|$)/i;

/**
 * Lets a POST through with a JSON body only: any other type that a page of another origin can send without asking first
 * would act with the caller's standing there (cross-site request forgery).
 * @throws HttpError 415
 */
export function requireJson({ method, headers }: Pick<IncomingMessage, 'method' | 'headers'>): void {
  if (method !== 'POST' || accepted.test(headers['content-type'] ?? '')) return;
  throw new HttpError(415, 'BAD_USER_INPUT', 'Send the body as JSON, with content-type: application/json.', {
    headers: { accept: 'application/json' },
    close: true,
  });
}
