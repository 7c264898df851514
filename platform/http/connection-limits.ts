import { STATUS_CODES, type Server, type ServerOptions, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { errorBody } from './send-error.ts';

/** Headers of one request at most; more are refused. */
export const maxHeaders = 100;

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
  requireHostHeader: true,
  // Two lengths, or a length and chunks, are how a request hides in another (RFC 9112, section 6.3).
  insecureHTTPParser: false,
  rejectNonStandardBodyWrites: true,
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

const refusals: ReadonlyMap<string | undefined, readonly [status: number, message: string]> = new Map([
  ['ERR_HTTP_REQUEST_TIMEOUT', [408, 'The request did not arrive in time.']],
  ['HPE_HEADER_OVERFLOW', [431, 'The headers are too large.']],
  ['HPE_CHUNK_EXTENSIONS_OVERFLOW', [413, 'The extensions of a chunk are too large.']],
]);
