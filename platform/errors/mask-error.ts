import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { Logger } from '../logging/logger.ts';
import { isErrorCode, type ErrorCode } from './request-error.ts';

/**
 * Returns what a client may see of `error`: its code from the registry with its message, path and locations, or
 * `INTERNAL_SERVER_ERROR` with the request id to quote, while the real error goes to the log.
 */
export function maskError(error: unknown, requestId: string, logger: Logger): GraphQLError {
  const known = error instanceof GraphQLError ? publicCode(error) : null;
  const graphql = error instanceof GraphQLError ? error : null;
  if (known === null) logger.error({ err: graphql?.originalError ?? error, requestId }, 'a resolver failed');
  return new GraphQLError(known === null || graphql === null ? internalMessage(requestId) : graphql.message, {
    nodes: graphql?.nodes ?? null,
    path: graphql?.path ?? null,
    extensions: { code: known ?? 'INTERNAL_SERVER_ERROR' },
  });
}

/** As `maskError`, for an error that is already JSON; the gateway adds the request id. */
export function maskFormattedError(
  formatted: GraphQLFormattedError,
  error: unknown,
  logger: Logger,
): GraphQLFormattedError {
  const code = formatted.extensions?.['code'];
  if (isErrorCode(code) && code !== 'INTERNAL_SERVER_ERROR') return { ...formatted, extensions: { code } };
  logger.error({ err: error }, 'a resolver failed');
  return { ...formatted, message: 'Something went wrong.', extensions: { code: 'INTERNAL_SERVER_ERROR' } };
}

function publicCode(error: GraphQLError): ErrorCode | null {
  const code = error.extensions['code'];
  return isErrorCode(code) && code !== 'INTERNAL_SERVER_ERROR' ? code : null;
}

/** What a client reads where the fault is ours. */
export function internalMessage(requestId: string): string {
  return `Something went wrong on our side. Quote request ${requestId} when you report it.`;
}
