import type { ErrorCode } from '../errors/request-error.ts';

export interface HttpErrorOptions {
  /** Headers that the answer carries. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether the connection ends with the answer, as it does where a body is left unread. */
  readonly close?: boolean;
}

/** A request that ends before GraphQL sees it: a status and what the client reads. */
export class HttpError extends Error {
  readonly status: number;
  readonly code: ErrorCode;
  readonly headers: Readonly<Record<string, string>>;
  readonly close: boolean;

  constructor(
    status: number,
    code: ErrorCode,
    message: string,
    { headers = {}, close = false }: HttpErrorOptions = {},
  ) {
    super(message);
    this.name = 'HttpError';
    this.status = status;
    this.code = code;
    this.headers = headers;
    this.close = close;
  }
}

/** The status of an answer that is nothing but an error of this code. */
export function statusOfCode(code: ErrorCode): number {
  return statuses[code];
}

const statuses: Readonly<Record<ErrorCode, number>> = {
  BAD_USER_INPUT: 400,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  CONFLICT: 409,
  RATE_LIMITED: 429,
  QUERY_TOO_COMPLEX: 400,
  DOCUMENT_NOT_FOUND: 404,
  DOCUMENT_REQUIRED: 403,
  DEPENDENCY_UNAVAILABLE: 503,
  DEADLINE_EXCEEDED: 504,
  INTERNAL_SERVER_ERROR: 500,
  GRAPHQL_PARSE_FAILED: 400,
  GRAPHQL_VALIDATION_FAILED: 400,
};
