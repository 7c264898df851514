import type { ServerResponse } from 'node:http';
import type { ErrorCode } from '../errors/request-error.ts';
import type { HttpError } from './http-error.ts';
import { writeAnswer } from './write-answer.ts';

/** Answers with an error in the form of GraphQL's. */
export function sendError(
  response: ServerResponse,
  { status, code, message, headers, close }: HttpError,
): void {
  if (close) response.setHeader('connection', 'close');
  const sent = { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store', ...headers };
  writeAnswer(response, status, sent, errorBody(code, message));
}

/** The body of an answer that is nothing but an error. */
export function errorBody(code: ErrorCode, message: string): string {
  return JSON.stringify({ errors: [{ message, extensions: { code } }] });
}
