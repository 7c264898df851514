/** Texts to vectors whose cosine says how near two texts are in meaning. */
export interface TextEmbedder {
  /** Names the model; vectors of two versions cannot be compared. */
  readonly version: string;
  /** The length of each vector. */
  readonly dimensions: number;
  /**
   * The vectors of `texts`, in their order, each of length 1. A text of which nothing is known (blank, or without a
   * word that the model has seen) has the zero vector, which is near to nothing and should not be indexed.
   * @throws the reason of `signal` when that aborts, and EmbeddingError where a service does not answer as it should.
   */
  embed(texts: readonly string[], options?: EmbedOptions): Promise<Float32Array[]>;
}

export interface EmbedOptions {
  readonly signal?: AbortSignal | undefined;
}
