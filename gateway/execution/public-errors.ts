import type { GatewayPlugin } from '@graphql-hive/gateway-runtime';
import { GraphQLError, Kind, type ExecutionResult } from 'graphql';
import { internalMessage, unforeseen } from '#platform/errors/mask-error.ts';
import { isErrorCode, RequestError, type ErrorCode } from '#platform/errors/request-error.ts';
import { statusOf } from '#platform/errors/http-status.ts';
import type { Logger } from '#platform/logging/logger.ts';
import { requestOf, type BouquetContext } from './request-context.ts';

/** Codes that count against the error budget: the fault is ours, not the client's. */
const ownFaults: ReadonlySet<ErrorCode> = new Set([
  'INTERNAL_SERVER_ERROR',
  'DEPENDENCY_UNAVAILABLE',
  'DEADLINE_EXCEEDED',
]);

/** Codes of the libraries below for requests that no GraphQL was run for. */
const unreadable: ReadonlySet<unknown> = new Set([
  'BAD_REQUEST',
  'REQUEST_ENTITY_TOO_LARGE',
  'OPERATION_RESOLUTION_FAILURE',
]);

/** A message repeats the client's input in places, which may be megabytes. */
const maxMessageLength = 500;

/**
 * The last stop before the wire: every error carries a code of the registry and nothing else of a subgraph's, and
 * what has no code becomes INTERNAL_SERVER_ERROR.
 */
export function usePublicErrors(logger: Logger): GatewayPlugin<BouquetContext> {
  return {
    onResultProcess: (payload) => {
      const { result, serverContext } = payload;
      if (Array.isArray(result) || Symbol.asyncIterator in result || result.errors === undefined) return;
      payload.setResult(withPublicErrors(result, requestOf(serverContext), logger));
    },
  };
}

/** Returns `result` with errors that a client may see, and notes in `request` whether one is our fault. */
export function withPublicErrors(
  result: ExecutionResult,
  request: BouquetContext['bouquet'],
  logger: Logger,
): ExecutionResult {
  if (result.errors === undefined) return result;
  const answered = result.data != null;
  const errors = result.errors.map((error) => toPublicError(error, answered, request.requestId, logger));
  request.failed = errors.some(({ code }) => ownFaults.has(code));
  return { ...result, errors: errors.map(({ error }) => error) };
}

function toPublicError(
  error: GraphQLError,
  answered: boolean,
  requestId: string,
  logger: Logger,
): { code: ErrorCode; error: GraphQLError } {
  const known = codeOf(error);
  // A subgraph has logged its own fault, and told it without the request's id.
  const { code, message } =
    known === null
      ? unforeseen(error, requestId, logger)
      : known === 'INTERNAL_SERVER_ERROR'
        ? { code: known, message: internalMessage(requestId) }
        : { code: known, message: error.message.slice(0, maxMessageLength) };
  return {
    code,
    error: new GraphQLError(message, {
      nodes: error.nodes ?? null,
      path: error.path ?? null,
      source: error.source ?? null,
      positions: error.positions ?? null,
      extensions: { code, ...httpOf(error, known === null ? code : null, answered) },
    }),
  };
}

/** The registry's code for an error of ours, of GraphQL's or of the HTTP layer's; null for anything unforeseen. */
function codeOf(error: GraphQLError): ErrorCode | null {
  const code = error.extensions?.['code'];
  if (isErrorCode(code)) return code;
  if (unreadable.has(code)) return 'BAD_USER_INPUT';
  // A variable that does not coerce is raised at its definition, before anything runs.
  return error.nodes?.[0]?.kind === Kind.VARIABLE_DEFINITION ? 'BAD_USER_INPUT' : null;
}

/** How the error sets the HTTP status; the server takes it off the answer. */
function httpOf(error: GraphQLError, unforeseenCode: ErrorCode | null, answered: boolean): { http?: object } {
  if (unforeseenCode !== null && !answered) return { http: { status: statusOf(unforeseenCode) } };
  if (error.nodes?.[0]?.kind === Kind.VARIABLE_DEFINITION) return { http: { spec: true, status: 400 } };
  // Refused before anything ran, and not by a resolver, whose errors have a path.
  if (error instanceof RequestError && error.path === undefined && !answered) {
    return { http: { status: statusOf(error.code) } };
  }
  const http: unknown = error.extensions?.['http'];
  if (typeof http !== 'object' || http === null) return {};
  // `spec` makes it 200 for application/json, which fits GraphQL's own errors but not a body that is no request.
  return { http: unreadable.has(error.extensions['code']) ? { ...http, spec: false } : http };
}
