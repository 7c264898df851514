import {
  STATUS_CODES,
  type IncomingMessage,
  type Server,
  type ServerOptions,
  type ServerResponse,
} from 'node:http';
import type { Duplex } from 'node:stream';
import { HttpError } from './http-error.ts';
import { errorBody } from './send-error.ts';

/** Headers of one request at most; more are refused. */
const maxHeaders = 100;

/** How long a client may take, in ms, and how much it may say before the body. */
export const connectionOptions: ServerOptions = {
  /** Bytes of the request line and the headers together. */
  maxHeaderSize: 16 * 1024,
  /** Until the headers are whole. */
  headersTimeout: 10_000,
  /** Until the body is whole: 2 MB in it are 1.1 megabits a second. */
  requestTimeout: 15_000,
  connectionsCheckingInterval: 1_000,
  /** Longer than the usual 60 s of load balancers, which must be the ones to close. */
  keepAliveTimeout: 72_000,
  // Checked below, with an answer of ours.
  requireHostHeader: false,
  // Two lengths, or a length and chunks, are how a request hides in another (RFC 9112, section 6.3).
  insecureHTTPParser: false,
};

/** Answers what is not HTTP, too large or too slow in the form of our errors, and closes the connection. */
export function refuseBrokenRequests(server: Server): void {
  // One more than is allowed, as Node drops the rest in silence.
  server.maxHeadersCount = maxHeaders + 1;
  const answers = new WeakMap<Duplex, ServerResponse>();
  server.on('request', ({ socket }, response) => answers.set(socket, response));
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    const answer = answers.get(socket);
    const isHalfSent = answer?.headersSent === true && !answer.writableFinished;
    if (error.code === 'ECONNRESET' || !socket.writable || isHalfSent) {
      socket.destroy();
      return;
    }
    const [status, message] = refusals.get(error.code) ?? [400, 'This is not a valid HTTP/1.1 request.'];
    const body = errorBody('BAD_USER_INPUT', message);
    socket.end(
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\ncontent-type: application/json; charset=utf-8\r\n` +
        `content-length: ${Buffer.byteLength(body)}\r\nx-content-type-options: nosniff\r\nconnection: close\r\n\r\n${body}`,
      () => socket.destroy(),
    );
  });
  // Nothing here waits for a "100 Continue" with a reason, so any other expectation is refused (RFC 9110, 10.1.1).
  server.on('checkExpectation', (_request, response) => {
    const body = errorBody('BAD_USER_INPUT', 'Leave out the header Expect.');
    response.writeHead(417, { 'content-type': 'application/json; charset=utf-8', connection: 'close' });
    response.end(body);
  });
}

/** @throws HttpError for too many headers, and for a request of HTTP/1.1 without exactly one Host (RFC 9112, 3.2). */
export function checkHeaders({ rawHeaders, headersDistinct, httpVersion }: IncomingMessage): void {
  if (rawHeaders.length > 2 * maxHeaders) {
    const message = `A request may have ${maxHeaders} headers at most.`;
    throw new HttpError(431, 'BAD_USER_INPUT', message, { close: true });
  }
  const hosts = headersDistinct['host']?.length ?? 0;
  if (hosts > 1 || (hosts === 0 && httpVersion === '1.1')) {
    throw new HttpError(400, 'BAD_USER_INPUT', 'A request has exactly one header Host.', { close: true });
  }
}

const refusals: ReadonlyMap<string | undefined, readonly [status: number, message: string]> = new Map([
  ['ERR_HTTP_REQUEST_TIMEOUT', [408, 'The request did not arrive in time.']],
  ['HPE_HEADER_OVERFLOW', [431, 'The headers are too large.']],
  ['HPE_CHUNK_EXTENSIONS_OVERFLOW', [413, 'The extensions of a chunk are too large.']],
]);
