import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { headersOf, statusOf } from '../errors/http-status.ts';
import { RequestError } from '../errors/request-error.ts';
import type { Logger } from '../logging/logger.ts';
import { checkHeaders, connectionOptions, refuseBrokenRequests } from './connection-limits.ts';
import type { Cors } from './cors.ts';
import { HttpError } from './http-error.ts';
import { setSecurityHeaders } from './security-headers.ts';
import { sendError } from './send-error.ts';

/** Answers one request; a RequestError or HttpError that it throws becomes an answer. */
export type RequestHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  requestId: string,
) => Promise<void>;

export interface HttpServerOptions {
  /** Answers a request to `/graphql`. */
  readonly graphql: RequestHandler;
  /** Returns what answers a further path, or null for a path that nothing does. */
  readonly route?: (path: string) => RequestHandler | null;
  /** Whether the process can answer; `/readyz` says so. */
  readonly ready: () => Promise<boolean>;
  /** Which pages of other origins may call; absent: none, and no browser is told anything. */
  readonly cors?: Cors;
  readonly logger: Logger;
}

/** An HTTP server with `/graphql`, `/healthz` and `/readyz` that ends without dropping what is in flight. */
export class HttpServer {
  readonly #options: HttpServerOptions;
  readonly #server: Server;
  #draining = false;

  constructor(options: HttpServerOptions) {
    this.#options = options;
    this.#server = createServer(
      connectionOptions,
      (request, response) => void this.#handle(request, response),
    );
    refuseBrokenRequests(this.#server);
  }

  /** Listens and returns the port, which the system picks where `port` is 0. */
  async listen(port: number, host: string): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, host, resolve);
    });
    const address = this.#server.address();
    return address !== null && typeof address === 'object' ? address.port : port;
  }

  /** Takes no new connection, answers what is in flight for at most `graceMs`, then closes what is left. */
  async drain(graceMs: number): Promise<void> {
    this.#draining = true;
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    // A kept-alive connection becomes idle only when its answer is out.
    const sweep = setInterval(() => this.#server.closeIdleConnections(), 20);
    const deadline = setTimeout(() => this.#server.closeAllConnections(), graceMs);
    await closed;
    clearInterval(sweep);
    clearTimeout(deadline);
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const requestId = requestIdOf(request);
    response.setHeader('x-request-id', requestId);
    setSecurityHeaders(response);
    if (this.#draining) response.setHeader('connection', 'close');
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
    try {
      checkHeaders(request);
      if (this.#options.cors?.answer(request, response) === true) return;
      const further = this.#options.route?.(path) ?? null;
      if (path === '/graphql') await this.#options.graphql(request, response, requestId);
      else if (path === '/healthz') sendText(response, 200, 'ok');
      else if (path === '/readyz') await this.#readiness(response);
      else if (path === '/' && request.method === 'GET') redirect(response, '/graphql');
      else if (further !== null) await further(request, response, requestId);
      else sendText(response, 404, 'Not found. GraphQL is at /graphql.');
    } catch (error) {
      this.#fail(error, response, requestId);
    }
  }

  #fail(error: unknown, response: ServerResponse, requestId: string): void {
    if (response.headersSent) response.destroy();
    else if (error instanceof HttpError) sendError(response, error);
    else if (error instanceof RequestError) {
      sendError(
        response,
        new HttpError(statusOf(error.code), error.code, error.message, { headers: headersOf(error.code) }),
      );
    } else {
      this.#options.logger.error({ err: error, requestId }, 'a request failed outside GraphQL');
      sendError(response, new HttpError(500, 'INTERNAL_SERVER_ERROR', 'Something went wrong on our side.'));
    }
  }

  async #readiness(response: ServerResponse): Promise<void> {
    if (this.#draining) sendText(response, 503, 'draining');
    else if (await this.#options.ready()) sendText(response, 200, 'ready');
    else sendText(response, 503, 'not ready');
  }
}

/** A client's own id is kept where it is harmless in a log line. */
function requestIdOf(request: IncomingMessage): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && /^[\w-]{1,64}$/.test(given) ? given : randomUUID();
}

function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' });
  response.end(`${text}\n`);
}

function redirect(response: ServerResponse, location: string): void {
  response.writeHead(302, { location });
  response.end();
}
