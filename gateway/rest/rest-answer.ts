import type { ExecutionResult, GraphQLError } from 'graphql';
import { statusOf } from '#platform/errors/http-status.ts';
import { isErrorCode, type ErrorCode, type RequestError } from '#platform/errors/request-error.ts';
import type { RestRoute } from './rest-route.ts';

/** The HTTP status of a request that `code` failed as a whole. That a document no longer fits the schema is a fault of ours. */
export function restStatusOf(code: ErrorCode): number {
  return code === 'GRAPHQL_PARSE_FAILED' || code === 'GRAPHQL_VALIDATION_FAILED' ? 500 : statusOf(code);
}

export interface RestError {
  readonly message: string;
  /** Where in `data` the error left a null. */
  readonly path?: readonly (string | number)[];
  readonly extensions: { readonly code: ErrorCode };
}

/** The body: data, with the errors of parts of it beside; or errors alone. */
export type RestBody =
  | { readonly data: unknown; readonly errors?: readonly RestError[] }
  | { readonly errors: readonly RestError[] };

export interface RestAnswer {
  readonly status: number;
  readonly body: RestBody;
}

/**
 * Returns what REST answers for an execution's result: the value of the only root field, or an object of several. Errors
 * beside data are 200, errors without any data have the status of the first one's code. Null for what the path names is 404.
 */
export function restAnswer(route: RestRoute, { data, errors = [] }: ExecutionResult): RestAnswer {
  const above = route.onlyKey === null ? 0 : 1;
  const restErrors = errors.map((error) => restError(error, above));
  const empty = Object.values(data ?? {}).every((value) => value == null);
  if (restErrors.length > 0 && empty) return failure(restErrors);
  if (empty && route.pathVariable !== null) {
    return failure([notFound(`There is nothing under this ${route.pathVariable.name}.`)]);
  }
  const value = route.onlyKey === null ? data : (data?.[route.onlyKey] ?? null);
  const body = restErrors.length === 0 ? { data: value } : { data: value, errors: restErrors };
  return { status: 200, body };
}

/** Returns what REST answers where no document was executed. */
export function restFailure(error: RequestError): RestAnswer {
  return failure([{ message: error.message, extensions: { code: error.code } }]);
}

function failure(errors: readonly RestError[]): RestAnswer {
  const status = errors[0] === undefined ? 500 : restStatusOf(errors[0].extensions.code);
  return { status, body: { errors } };
}

function notFound(message: string): RestError {
  return { message, extensions: { code: 'NOT_FOUND' } };
}

/** `above` is how many keys of the path stand above `data`. */
function restError({ message, path, extensions }: GraphQLError, above: number): RestError {
  const { code } = extensions;
  const inData = path?.slice(above) ?? [];
  return {
    message,
    ...(inData.length === 0 ? {} : { path: inData }),
    extensions: { code: isErrorCode(code) ? code : 'INTERNAL_SERVER_ERROR' },
  };
}
