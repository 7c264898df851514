import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { announcedBytes, maxBodyBytes } from './body.ts';

/** Milliseconds in which a client that still sends can read the answer: a slow round trip. */
const lingerMs = 500;

/**
 * Writes a whole answer. Where a large part of the request may still be on its way, it is not read, and the connection ends
 * with the answer. To close it at once would reset it over the unread bytes, and the client might lose the answer, so it
 * has half a second to read it (RFC 9112, section 9.6).
 */
export function writeAnswer(
  response: ServerResponse,
  status: number,
  headers: OutgoingHttpHeaders,
  body: string | Buffer,
): void {
  const length = { 'content-length': Buffer.byteLength(body) };
  if (!hasLargeRest(response.req)) {
    response.writeHead(status, { ...length, ...headers });
    response.end(body);
    return;
  }
  const { socket } = response;
  response.writeHead(status, { ...length, ...headers, connection: 'close' });
  // Not `end`, after which Node would read the rest to throw it away.
  response.write(body);
  socket?.end();
  const timer = setTimeout(() => socket?.destroy(), lingerMs);
  response.once('close', () => clearTimeout(timer));
}

/** Whether more of the body may come than it is worth reading to keep the connection. */
function hasLargeRest(request: IncomingMessage): boolean {
  if (request.complete) return false;
  return request.headers['transfer-encoding'] !== undefined || announcedBytes(request) > maxBodyBytes;
}
