import type { ChoiceMatrix } from '../../subgraphs/feed/learning/rp3beta.ts';

/** Training pairs as numbers, to fit models on. */
export interface Training extends ChoiceMatrix {
  /** The id of each item number. */
  readonly itemIds: readonly string[];
  /** Training pairs of each item. */
  readonly counts: Int32Array;
}

/** Whom scores are for. */
export interface Profile {
  readonly userId: string;
  /** The user's training items, as numbers of the training. */
  readonly items: Int32Array;
}

/**
 * Writes how well each candidate suits the user to `scores`, which come filled with zeros. Candidates are the items of
 * the training, unless the model says otherwise.
 */
export type Scorer = (user: Profile, scores: Float64Array) => void;

export interface FitOptions {
  /** Hears how much of `total` is done. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Hears how many seconds the inverse of a matrix took, of a model that has one. */
  readonly onInverted?: ((seconds: number) => void) | undefined;
}

/** A recommender, its parameters fixed. */
export interface Model {
  readonly fit: (training: Training, options?: FitOptions) => Scorer | Promise<Scorer>;
}
