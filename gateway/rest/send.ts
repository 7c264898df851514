import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';

/** Answers `bytes`; nobody may guess another type than the one said. */
export function sendBytes(
  response: ServerResponse,
  status: number,
  bytes: Buffer,
  headers: OutgoingHttpHeaders,
): void {
  response.writeHead(status, {
    'x-content-type-options': 'nosniff',
    'content-length': bytes.length,
    ...headers,
  });
  response.end(bytes);
}

/** Answers `body` as JSON that nobody keeps. */
export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  sendBytes(response, status, Buffer.from(JSON.stringify(body)), {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
  });
}
