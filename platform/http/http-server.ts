import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { headersOf, statusOf } from '../errors/http-status.ts';
import { Server as NetServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { RequestError } from '../errors/request-error.ts';
import type { Logger } from '../logging/logger.ts';
import { acceptWaiting } from './accept-waiting.ts';
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
  /**
   * Milliseconds without a request after which a server that is told to end takes no new connection; 0, the default, is
   * at once. For a server whose clients have nowhere else to go, such as a subgraph whose gateway is ending too.
   */
  readonly quietMs?: number;
  readonly logger: Logger;
}

/** Milliseconds after which a kept-alive connection without a request is closed by a server that ends. */
const lingerMs = 500;

/** Milliseconds that a server with `quietMs` waits for quiet at most. */
const longestUnquietMs = 5_000;

/** An HTTP server with `/graphql`, `/healthz` and `/readyz` that ends without dropping what is in flight. */
export class HttpServer {
  readonly #options: HttpServerOptions;
  readonly #server: Server;
  readonly #inFlight = new Set<ServerResponse>();
  #requestedAt = 0;
  /** Told to end: no more traffic should be sent here. */
  #ending = false;
  /** Every answer is the last of its connection. */
  #draining = false;
  readonly #connections = new Set<Socket>();
  readonly #isEmpty = Promise.withResolvers<void>();

  constructor(options: HttpServerOptions) {
    this.#options = options;
    this.#server = createServer(
      connectionOptions,
      (request, response) => void this.#handle(request, response),
    );
    refuseBrokenRequests(this.#server);
    this.#server.on('connection', (socket) => {
      this.#connections.add(socket);
      socket.once('close', () => {
        this.#connections.delete(socket);
        this.#tellWhetherEmpty();
      });
    });
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

  /** Instead of listening, takes connections that were accepted elsewhere; returns the function that takes one. */
  takeConnections(): (socket: Socket) => void {
    // Starts the server's watch over slow clients, which it has from listening alone.
    this.#server.emit('listening');
    return (socket) => this.#server.emit('connection', socket);
  }

  /**
   * Takes no new connection from now on, or from `quietMs` without a request on; those that are open go on as before. It
   * is a step of its own so that workers of one port take it together: a client that is sent away is refused when it
   * reconnects, and not accepted by another worker that is about to end.
   */
  async stopAccepting(): Promise<void> {
    this.#ending = true;
    await this.#quiet(this.#options.quietMs ?? 0);
    await acceptWaiting(this.#server);
    // Not the HTTP server's own `close`: that ends idle connections at once, on which a request may be on its way.
    NetServer.prototype.close.call(this.#server);
  }

  /**
   * Takes no new connection, answers what is in flight or comes on an open connection, each as the last of its connection,
   * for at most `graceMs`, then closes what is left.
   */
  async drain(graceMs: number): Promise<void> {
    await this.stopAccepting();
    this.#draining = true;
    for (const response of this.#inFlight) endConnectionWith(response);
    let sweep: NodeJS.Timeout | undefined;
    const linger = setTimeout(
      () => {
        sweep = setInterval(() => this.#server.closeIdleConnections(), 20);
      },
      Math.min(lingerMs, graceMs / 2),
    );
    const deadline = setTimeout(() => this.#server.closeAllConnections(), graceMs);
    this.#tellWhetherEmpty();
    await this.#isEmpty.promise;
    clearTimeout(linger);
    clearInterval(sweep);
    clearTimeout(deadline);
    // Ends the watch over slow connections, for which the HTTP server has a timer.
    this.#server.close();
  }

  #tellWhetherEmpty(): void {
    if (this.#draining && this.#connections.size === 0) this.#isEmpty.resolve();
  }

  /** Returns when no request has come for `quietMs` from now on, or after 5 s. */
  async #quiet(quietMs: number): Promise<void> {
    const now = performance.now();
    const latest = now + (quietMs > 0 ? longestUnquietMs : 0);
    let quietAt = now + quietMs;
    while (quietAt > performance.now() && latest > performance.now()) {
      await sleep(Math.min(quietAt, latest) - performance.now());
      quietAt = Math.max(quietAt, this.#requestedAt + quietMs);
    }
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const requestId = requestIdOf(request);
    response.setHeader('x-request-id', requestId);
    setSecurityHeaders(response);
    this.#requestedAt = performance.now();
    this.#inFlight.add(response);
    response.once('close', () => this.#inFlight.delete(response));
    if (this.#draining) endConnectionWith(response);
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
    if (this.#ending) sendText(response, 503, 'draining');
    else if (await this.#options.ready()) sendText(response, 200, 'ready');
    else sendText(response, 503, 'not ready');
  }
}

function endConnectionWith(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader('connection', 'close');
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
