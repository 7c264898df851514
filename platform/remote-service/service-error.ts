/**
 * What went wrong with a service: not reached or an answer of 5xx (`UNAVAILABLE`), none in time (`LATE`), 429
 * (`RATE_LIMITED`), another 4xx, which will not change by itself (`REFUSED`), or an answer that makes no sense
 * (`INVALID_ANSWER`).
 */
export type ServiceFailure = 'UNAVAILABLE' | 'LATE' | 'RATE_LIMITED' | 'REFUSED' | 'INVALID_ANSWER';

/** A service did not answer as it should. Has only words of ours, so neither the key nor a text. */
export class ServiceError extends Error {
  readonly failure: ServiceFailure;
  /** After how many ms the service wants to be asked again, where it said so. */
  readonly retryAfterMs: number | undefined;

  constructor(failure: ServiceFailure, message: string, retryAfterMs?: number) {
    super(message);
    this.name = 'ServiceError';
    this.failure = failure;
    this.retryAfterMs = retryAfterMs;
  }
}
