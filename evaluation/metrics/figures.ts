/** What rankings are worth, 0..1: one figure for each judged user, in their order; null what a short list cannot tell. */
export interface Figures {
  readonly recallAt20: Float64Array;
  readonly recallAt50: Float64Array | null;
  readonly ndcgAt20: Float64Array;
  readonly ndcgAt100: Float64Array | null;
  readonly auc: Float64Array | null;
  /** Distinct items in the first 20 of any user, as a share of the candidates. */
  readonly coverageAt20: number;
}
