import { QdrantClientResourceExhaustedError, QdrantClientTimeoutError } from '@qdrant/js-client-rest';
import { isTaskCancelledError } from 'cockatiel';
import { z } from 'zod';
import { VectorIndexError } from './vector-index-error.ts';

/** Qdrant knows no collection or alias of that name: no outage, but an answer that the breaker does not count. */
export class MissingCollectionError extends VectorIndexError {
  constructor(cause: unknown) {
    super('REFUSED', 'Qdrant has no collection of that name any more.', { cause });
    this.name = 'MissingCollectionError';
  }
}

const answerSchema = z.object({ status: z.int(), data: z.unknown() });
const reasonSchema = z.object({ status: z.object({ error: z.string() }) });
const systemSchema = z.object({ cause: z.object({ code: z.string() }) });

/** Returns what the client threw within `ms` as a VectorIndexError. */
export function failureOf(error: unknown, ms: number): VectorIndexError {
  if (error instanceof VectorIndexError) return error;
  if (isTaskCancelledError(error) || error instanceof QdrantClientTimeoutError) {
    return unavailable(`Qdrant did not answer within ${ms} ms.`, error);
  }
  if (error instanceof QdrantClientResourceExhaustedError) {
    return unavailable('Qdrant answered 429: it has too much to do.', error);
  }
  const answer = answerSchema.safeParse(error).data;
  if (answer !== undefined) return refusalOf(answer.status, answer.data, error);
  const system = systemSchema.safeParse(error).data;
  if (system !== undefined) return unavailable(`Qdrant cannot be reached: ${system.cause.code}.`, error);
  return unavailable('What answered at QDRANT_URL does not speak as Qdrant does.', error);
}

function refusalOf(status: number, body: unknown, cause: unknown): VectorIndexError {
  const reason = reasonSchema.safeParse(body).data?.status.error;
  // A 404 without Qdrant's reason comes from something else at that address, and must not pass for an empty index.
  if (status === 404 && reason !== undefined) return new MissingCollectionError(cause);
  if (status === 401 || status === 403) {
    return new VectorIndexError('REFUSED', `Qdrant refused the key (${status}): check QDRANT_API_KEY.`, {
      cause,
    });
  }
  const said = `Qdrant answered ${status}${reason === undefined ? '' : `: ${reason}`}`;
  if (status >= 500 || status === 429 || reason === undefined) return unavailable(said, cause);
  return new VectorIndexError('REFUSED', said, { cause });
}

function unavailable(message: string, cause: unknown): VectorIndexError {
  return new VectorIndexError('UNAVAILABLE', message, { cause });
}
