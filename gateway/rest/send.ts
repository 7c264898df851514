import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { headersOf, statusOf } from '#platform/errors/http-status.ts';
import { writeAnswer } from '#platform/http/write-answer.ts';

/** Answers `bytes`; nobody may guess another type than the one said. */
export function sendBytes(
  response: ServerResponse,
  status: number,
  bytes: Buffer,
  headers: OutgoingHttpHeaders,
): void {
  writeAnswer(response, status, { 'x-content-type-options': 'nosniff', ...headers }, bytes);
}

/** Answers `body` as JSON that nobody keeps; a 401 says how to be known (RFC 9110, 15.5.2). */
export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  sendBytes(response, status, Buffer.from(JSON.stringify(body)), {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    ...(status === statusOf('UNAUTHENTICATED') ? headersOf('UNAUTHENTICATED') : {}),
  });
}
