/**
 * `INVALID`: the caller's input; `FULL`: the index is at its bound; `BUSY`: too much at once, or a rebuild runs;
 * `UNAVAILABLE`: the vector store is down, late or answers nonsense; `REFUSED`: it declined the request or the key;
 * `CLOSED`: after `close`.
 */
export type VectorIndexReason = 'INVALID' | 'FULL' | 'BUSY' | 'UNAVAILABLE' | 'REFUSED' | 'CLOSED';

/** What a vector index throws; the message says what is wrong and what to change. */
export class VectorIndexError extends Error {
  readonly reason: VectorIndexReason;

  constructor(reason: VectorIndexReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'VectorIndexError';
    this.reason = reason;
  }
}

/** The error of every call after `close`. */
export function closedError(): VectorIndexError {
  return new VectorIndexError('CLOSED', 'The vector index is closed.');
}

/** The error where a vector of `given` dimensions meets an index of `wanted`. */
export function dimensionsError(given: number, wanted: number): VectorIndexError {
  return new VectorIndexError('INVALID', `A vector has ${given} dimensions, the index has ${wanted}.`);
}
