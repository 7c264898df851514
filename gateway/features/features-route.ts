import type { IncomingMessage, ServerResponse } from 'node:http';
import { RequestError } from '#platform/errors/request-error.ts';
import { HttpError } from '#platform/http/http-error.ts';
import type { RequestHandler } from '#platform/http/http-server.ts';
import type { Admission } from '../http/admission.ts';
import { sendBytes } from '../rest/send.ts';
import type { FeaturesPayload } from './features-payload.ts';

/** What stands before the client key in a path; GrowthBook's SDKs put it together with their `apiHost`. */
export const featuresPrefix = '/api/features/';

/**
 * For browsers and CDNs. A start or a stop is seen within some 10 s: a page takes features that are older for a minute at
 * most, while it fetches newer ones, and for a day where the server does not answer.
 */
const cacheControl = 'public, max-age=10, stale-while-revalidate=60, stale-if-error=86400';

export interface FeaturesRouteOptions {
  readonly features: { readonly payload: FeaturesPayload | null };
  /** Throws for a client key that is not good. */
  readonly checkClientKey: (text: string) => Promise<void>;
  readonly admit: Admission;
}

/**
 * Returns what answers `/api/features/CLIENT_KEY`, GrowthBook's SDK connection endpoint; null for another path. It is not
 * among the measured requests: bytes from memory would hide how slow a feed is.
 */
export function featuresRoute({ features, checkClientKey, admit }: FeaturesRouteOptions) {
  const answer = async (
    request: IncomingMessage,
    response: ServerResponse,
    clientKey: string,
  ): Promise<void> => {
    await admit(request, response);
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      throw new HttpError(405, 'BAD_USER_INPUT', 'The features are read by GET.', {
        headers: { allow: 'GET, HEAD' },
      });
    }
    await checkClientKey(clientKey);
    if (features.payload === null) {
      throw new RequestError('DEPENDENCY_UNAVAILABLE', 'The features cannot be read now. Try again.');
    }
    send(request, response, features.payload);
  };
  return (path: string): RequestHandler | null =>
    path.startsWith(featuresPrefix)
      ? (request, response) => answer(request, response, path.slice(featuresPrefix.length))
      : null;
}

function send({ headers }: IncomingMessage, response: ServerResponse, payload: FeaturesPayload): void {
  const gzipped = acceptsGzip(headers['accept-encoding']);
  const { bytes, etag } = gzipped ? payload.gzipped : payload.plain;
  const known = new Set(headers['if-none-match']?.split(',').map((tag) => tag.trim().replace(/^W\//, '')));
  const common = { etag, 'cache-control': cacheControl, vary: 'Accept-Encoding' };
  if (known.has(etag) || known.has('*')) {
    response.writeHead(304, common);
    response.end();
    return;
  }
  sendBytes(response, 200, bytes, {
    ...common,
    'content-type': 'application/json; charset=utf-8',
    ...(gzipped ? { 'content-encoding': 'gzip' } : {}),
  });
}

/** Whether `gzip` is among the accepted encodings, with no weight or one above 0 (RFC 9110, 12.5.3). */
function acceptsGzip(header: string | string[] | undefined): boolean {
  const encodings = (header ?? '').toString().toLowerCase().split(',');
  return encodings.some((encoding) => /^\s*gzip\s*(;\s*q=(?!0(\.0*)?\s*$).*)?$/.test(encoding));
}
