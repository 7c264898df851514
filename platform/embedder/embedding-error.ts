import { ServiceError, type ServiceFailure } from '../remote-service/service-error.ts';

/** The embeddings service did not answer as it should. */
export class EmbeddingError extends ServiceError {
  constructor(failure: ServiceFailure, message: string, retryAfterMs?: number) {
    super(failure, message, retryAfterMs);
    this.name = 'EmbeddingError';
  }
}
