import { GraphQLError } from 'graphql';

/** Every `extensions.code` that a client may see; documented in `docs/reference/errors.md`. */
export const errorCodes = [
  'BAD_USER_INPUT',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'NOT_FOUND',
  'CONFLICT',
  'RATE_LIMITED',
  'QUERY_TOO_COMPLEX',
  'DOCUMENT_NOT_FOUND',
  'DOCUMENT_REQUIRED',
  'DEPENDENCY_UNAVAILABLE',
  'DEADLINE_EXCEEDED',
  'INTERNAL_SERVER_ERROR',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/**
 * An error whose code and message are meant for the client. Anything else that a resolver throws is masked as
 * `INTERNAL_SERVER_ERROR` before it leaves the subgraph.
 */
export class RequestError extends GraphQLError {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string) {
    super(message, { extensions: { code } });
    this.name = 'RequestError';
    this.code = code;
  }
}

/** A `BAD_USER_INPUT` error; `message` says what to change. */
export function badUserInput(message: string): RequestError {
  return new RequestError('BAD_USER_INPUT', message);
}

/** Whether `code` is one that the registry knows. */
export function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === 'string' && errorCodes.some((known) => known === code);
}
