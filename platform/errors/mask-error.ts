import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { Logger } from '../logging/logger.ts';
import { isErrorCode, type ErrorCode } from './request-error.ts';
import { isTransient } from './transient-failure.ts';

/** What a client reads where something that Bouquet stands on is away. */
const unavailableMessage = 'Something that is needed for this does not answer. Try again in a moment.';

/**
 * Returns what a client may see of `error`: its code from the registry with its message, path and locations; else
 * `DEPENDENCY_UNAVAILABLE` where the same request may succeed later, or `INTERNAL_SERVER_ERROR` with the request id to
 * quote, while the real error goes to the log.
 */
export function maskError(error: unknown, requestId: string, logger: Logger): GraphQLError {
  const graphql = error instanceof GraphQLError ? error : null;
  const known = graphql === null ? null : publicCode(graphql);
  const { code, message } =
    known === null || graphql === null
      ? unforeseen(graphql?.originalError ?? error, requestId, logger)
      : { code: known, message: graphql.message };
  return new GraphQLError(message, {
    nodes: graphql?.nodes ?? null,
    path: graphql?.path ?? null,
    extensions: { code },
  });
}

/** As `maskError`, for an error that is already JSON; the gateway adds the request id. */
export function maskFormattedError(
  formatted: GraphQLFormattedError,
  error: unknown,
  logger: Logger,
): GraphQLFormattedError {
  const known = formatted.extensions?.['code'];
  if (isErrorCode(known) && known !== 'INTERNAL_SERVER_ERROR') {
    return { ...formatted, extensions: { code: known } };
  }
  const { code, message } = unforeseen(error, null, logger);
  return { ...formatted, message, extensions: { code } };
}

/** Logs an error that has no code of ours, and returns as what a client reads of it. */
export function unforeseen(
  error: unknown,
  requestId: string | null,
  logger: Logger,
): { readonly code: 'DEPENDENCY_UNAVAILABLE' | 'INTERNAL_SERVER_ERROR'; readonly message: string } {
  const about = { err: error, ...(requestId === null ? {} : { requestId }) };
  if (isTransient(error)) {
    logger.error(about, 'a dependency does not answer');
    return { code: 'DEPENDENCY_UNAVAILABLE', message: unavailableMessage };
  }
  logger.error(about, 'a request failed');
  return { code: 'INTERNAL_SERVER_ERROR', message: internalMessage(requestId) };
}

function publicCode(error: GraphQLError): ErrorCode | null {
  const code = error.extensions['code'];
  return isErrorCode(code) && code !== 'INTERNAL_SERVER_ERROR' ? code : null;
}

/** What a client reads where the fault is ours. */
export function internalMessage(requestId: string | null): string {
  return requestId === null
    ? 'Something went wrong.'
    : `Something went wrong on our side. Quote request ${requestId} when you report it.`;
}
