import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { RequestError, type ErrorCode } from '../errors/request-error.ts';
import type { Logger } from '../logging/logger.ts';
import { BodyTooLargeError } from './body-limit.ts';

export interface HttpServerOptions {
  /** Answers a request to `/graphql`; a RequestError that it throws becomes a 4xx. */
  readonly graphql: (request: IncomingMessage, response: ServerResponse, requestId: string) => Promise<void>;
  /** Whether the process can answer; `/readyz` says so. */
  readonly ready: () => Promise<boolean>;
  readonly logger: Logger;
}

/** An HTTP server with `/graphql`, `/healthz` and `/readyz` that ends without dropping what is in flight. */
export class HttpServer {
  readonly #options: HttpServerOptions;
  readonly #server: Server;
  #draining = false;

  constructor(options: HttpServerOptions) {
    this.#options = options;
    this.#server = createServer((request, response) => void this.#handle(request, response));
    this.#server.headersTimeout = 10_000;
    this.#server.requestTimeout = 30_000;
    this.#server.keepAliveTimeout = 72_000;
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
    if (this.#draining) response.setHeader('connection', 'close');
    const path = (request.url ?? '/').split('?', 1)[0];
    try {
      if (path === '/graphql') await this.#options.graphql(request, response, requestId);
      else if (path === '/healthz') sendText(response, 200, 'ok');
      else if (path === '/readyz') await this.#readiness(response);
      else if (path === '/' && request.method === 'GET') redirect(response, '/graphql');
      else sendText(response, 404, 'Not found. GraphQL is at /graphql.');
    } catch (error) {
      this.#fail(error, response, requestId);
    }
  }

  #fail(error: unknown, response: ServerResponse, requestId: string): void {
    if (response.headersSent) response.destroy();
    else if (error instanceof BodyTooLargeError) {
      response.setHeader('connection', 'close');
      sendError(response, 413, 'BAD_USER_INPUT', error.message);
    } else if (error instanceof RequestError) {
      sendError(response, statusOf(error.code), error.code, error.message);
    } else {
      this.#options.logger.error({ err: error, requestId }, 'a request failed outside GraphQL');
      sendError(response, 500, 'INTERNAL_SERVER_ERROR', 'Something went wrong on our side.');
    }
  }

  async #readiness(response: ServerResponse): Promise<void> {
    if (this.#draining) sendText(response, 503, 'draining');
    else if (await this.#options.ready()) sendText(response, 200, 'ready');
    else sendText(response, 503, 'not ready');
  }
}

function statusOf(code: ErrorCode): number {
  if (code === 'UNAUTHENTICATED') return 401;
  return code === 'RATE_LIMITED' ? 429 : 400;
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

function sendError(response: ServerResponse, status: number, code: string, message: string): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify({ errors: [{ message, extensions: { code } }] }));
}
