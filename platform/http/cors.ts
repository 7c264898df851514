import type { IncomingMessage, ServerResponse } from 'node:http';

/** Headers of ours that a page may send. */
const allowedHeaders = [
  'content-type',
  'authorization',
  'x-api-key',
  'x-on-behalf-of',
  'x-user-id',
  'x-anonymous-id',
  'x-region',
  'x-request-id',
  'if-none-match',
].join(', ');
/** Headers of ours that a page may read. */
const exposedHeaders = [
  'x-request-id',
  'etag',
  'age',
  'x-cache',
  'ratelimit',
  'ratelimit-policy',
  'retry-after',
  'server-timing',
].join(', ');
/** Seconds for which a browser need not ask again. */
const maxAgeSeconds = 600;

export interface CorsOptions {
  /** Origins that may call, as `https://shop.example.com`. */
  readonly origins: readonly string[];
  /** Whether pages of this machine may call, on any port: in development. */
  readonly localhost: boolean;
  /** What the paths begin with that pages of every origin may read by GET; absent: none. */
  readonly openPrefix?: string;
}

/** Tells browsers which pages of other origins may call (Fetch standard, the CORS protocol). */
export class Cors {
  readonly #origins: ReadonlySet<string>;
  readonly #localhost: boolean;
  readonly #openPrefix: string | undefined;

  constructor({ origins, localhost, openPrefix }: CorsOptions) {
    this.#openPrefix = openPrefix;
    this.#origins = new Set(origins);
    this.#localhost = localhost;
  }

  /** Sets the headers for the page that asks. Returns true where that was all: a preflight, which is answered. */
  answer({ method, headers, url = '' }: IncomingMessage, response: ServerResponse): boolean {
    if (this.#openPrefix !== undefined && url.startsWith(this.#openPrefix)) {
      return answerAnyOrigin(method, response);
    }
    const { origin } = headers;
    response.appendHeader('vary', 'Origin');
    const allowed = origin !== undefined && this.#allows(origin);
    if (allowed) {
      response.setHeader('access-control-allow-origin', origin);
      response.setHeader('access-control-expose-headers', exposedHeaders);
    }
    if (method !== 'OPTIONS') return false;
    if (allowed) {
      response.setHeader('access-control-allow-methods', 'GET, POST');
      response.setHeader('access-control-allow-headers', allowedHeaders);
      response.setHeader('access-control-max-age', maxAgeSeconds);
    }
    response.writeHead(204, { allow: 'GET, POST, OPTIONS' });
    response.end();
    return true;
  }

  #allows(origin: string): boolean {
    return this.#origins.has(origin) || (this.#localhost && isLocalhost(origin));
  }
}

/** The same for every origin, so that caches need not tell them apart; no page may send a credential with it. */
function answerAnyOrigin(method: string | undefined, response: ServerResponse): boolean {
  response.setHeader('access-control-allow-origin', '*');
  response.setHeader('access-control-expose-headers', exposedHeaders);
  if (method !== 'OPTIONS') return false;
  response.setHeader('access-control-allow-methods', 'GET, HEAD');
  response.setHeader('access-control-allow-headers', '*');
  response.setHeader('access-control-max-age', maxAgeSeconds);
  response.writeHead(204, { allow: 'GET, HEAD, OPTIONS' });
  response.end();
  return true;
}

function isLocalhost(origin: string): boolean {
  return /^https?:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?$/.test(origin);
}
