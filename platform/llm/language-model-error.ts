import { ServiceError, type ServiceFailure } from '../remote-service/service-error.ts';

/** The language model did not answer as it should. */
export class LanguageModelError extends ServiceError {
  constructor(failure: ServiceFailure, message: string, retryAfterMs?: number) {
    super(failure, message, retryAfterMs);
    this.name = 'LanguageModelError';
  }
}
