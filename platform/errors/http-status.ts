import type { ErrorCode } from './request-error.ts';

/** The HTTP status of an answer that is one error and no GraphQL was run for. */
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

/** Returns the HTTP status (RFC 9110) of a request that `code` refuses as a whole. */
export function statusOf(code: ErrorCode): number {
  return statuses[code];
}

/** Returns the headers that RFC 9110 and RFC 6750 want beside that status. */
export function headersOf(code: ErrorCode): Readonly<Record<string, string>> {
  return code === 'UNAUTHENTICATED' ? { 'www-authenticate': 'Bearer' } : {};
}
