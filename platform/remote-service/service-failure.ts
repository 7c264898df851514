import { APIConnectionError, APIError } from 'openai';
import { ServiceError, type ServiceFailure } from './service-error.ts';

/** How failures of one service are worded. */
export interface ServiceWords {
  /** As `embeddings service`. */
  readonly name: string;
  /** What its variables begin with, as `EMBEDDINGS`. */
  readonly variables: string;
  /** The error that its callers know. */
  readonly errorOf: (failure: ServiceFailure, message: string, retryAfterMs?: number) => ServiceError;
}

/** 408 and 409 are of the moment, as OpenAI uses them. */
const passing = new Set([408, 409]);

/**
 * `error` of a call of the service in words of ours. What it says itself is dropped, and so is the cause: services,
 * proxies and `fetch` repeat headers, the key among them.
 */
export function toServiceError(error: unknown, words: ServiceWords, now = Date.now()): ServiceError {
  const { name, errorOf } = words;
  if (error instanceof ServiceError) return error;
  if (error instanceof APIError && error.status !== undefined) {
    const status = Number(error.status);
    const hint = hintOf(status, words);
    const message = `The ${name} answered ${status}${hint === null ? '' : `: ${hint}`}.`;
    const wait = retryAfterOf(error.headers, now);
    if (status === 429) return errorOf('RATE_LIMITED', message, wait);
    if (status >= 500 || passing.has(status)) return errorOf('UNAVAILABLE', message, wait);
    return errorOf('REFUSED', message);
  }
  if (error instanceof APIConnectionError) {
    return errorOf('UNAVAILABLE', `The ${name} is not reached${codeOf(error)}.`);
  }
  if (error instanceof SyntaxError) {
    return errorOf('INVALID_ANSWER', `The ${name} answered something other than JSON.`);
  }
  return errorOf('UNAVAILABLE', `The call of the ${name} broke off.`);
}

/** What to look at, by the status of an answer. */
function hintOf(status: number, { variables }: ServiceWords): string | null {
  switch (status) {
    case 400:
      return `it refuses the request: see ${variables}_MODEL, and whether a text is too long for it`;
    case 401:
    case 403:
      return `it refuses ${variables}_API_KEY`;
    case 404:
      return `it does not know ${variables}_MODEL, or ${variables}_BASE_URL is wrong`;
    case 413:
      return 'a text is too long for it';
    default:
      return null;
  }
}

/** The system's code, such as ECONNREFUSED. */
function codeOf(error: Error): string {
  for (let cause: unknown = error.cause; cause instanceof Error; cause = cause.cause) {
    if ('code' in cause && typeof cause.code === 'string' && /^E[A-Z]{3,20}$/.test(cause.code)) {
      return ` (${cause.code})`;
    }
  }
  return '';
}

/** The milliseconds of `Retry-After`, which is seconds or a date. */
function retryAfterOf(
  headers: { get(name: string): string | null } | undefined,
  now: number,
): number | undefined {
  const header = headers?.get('retry-after')?.trim();
  if (header === undefined || header === '') return undefined;
  const ms = /^\d+(\.\d+)?$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - now;
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}
