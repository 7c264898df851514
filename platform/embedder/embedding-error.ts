/**
 * What went wrong with the embeddings service: not reached or an answer of 5xx (`UNAVAILABLE`), none in time (`LATE`),
 * 429 (`RATE_LIMITED`), another 4xx, which will not change by itself (`REFUSED`), or an answer that makes no sense
 * (`INVALID_ANSWER`).
 */
export type EmbeddingFailure = 'UNAVAILABLE' | 'LATE' | 'RATE_LIMITED' | 'REFUSED' | 'INVALID_ANSWER';

/** The embeddings service did not answer as it should. Has only words of ours, so neither the key nor a text. */
export class EmbeddingError extends Error {
  readonly failure: EmbeddingFailure;
  /** After how many ms the service wants to be asked again, where it said so. */
  readonly retryAfterMs: number | undefined;

  constructor(failure: EmbeddingFailure, message: string, retryAfterMs?: number) {
    super(message);
    this.name = 'EmbeddingError';
    this.failure = failure;
    this.retryAfterMs = retryAfterMs;
  }
}
