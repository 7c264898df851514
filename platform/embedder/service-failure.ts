import { APIConnectionError, APIError } from 'openai';
import { EmbeddingError } from './embedding-error.ts';

/** What to look at, by the status of an answer. */
const hints = new Map([
  [400, 'it refuses the request: see EMBEDDINGS_MODEL, and whether a text is too long for it'],
  [401, 'it refuses EMBEDDINGS_API_KEY'],
  [403, 'it refuses EMBEDDINGS_API_KEY'],
  [404, 'it does not know EMBEDDINGS_MODEL, or EMBEDDINGS_BASE_URL is wrong'],
  [413, 'a text is too long for it'],
]);

/** 408 and 409 are of the moment, as OpenAI uses them. */
const passing = new Set([408, 409]);

/**
 * `error` of a call of the service in words of ours. What it says itself is dropped, and so is the cause: services,
 * proxies and `fetch` repeat headers, the key among them.
 */
export function toEmbeddingError(error: unknown, now = Date.now()): EmbeddingError {
  if (error instanceof EmbeddingError) return error;
  if (error instanceof APIError && error.status !== undefined) {
    const status = Number(error.status);
    const hint = hints.get(status);
    const message = `The embeddings service answered ${status}${hint === undefined ? '' : `: ${hint}`}.`;
    const wait = retryAfterOf(error.headers, now);
    if (status === 429) return new EmbeddingError('RATE_LIMITED', message, wait);
    if (status >= 500 || passing.has(status)) return new EmbeddingError('UNAVAILABLE', message, wait);
    return new EmbeddingError('REFUSED', message);
  }
  if (error instanceof APIConnectionError) {
    return new EmbeddingError('UNAVAILABLE', `The embeddings service is not reached${codeOf(error)}.`);
  }
  if (error instanceof SyntaxError) {
    return new EmbeddingError('INVALID_ANSWER', 'The embeddings service answered something other than JSON.');
  }
  return new EmbeddingError('UNAVAILABLE', 'The call of the embeddings service broke off.');
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
