/**
 * What was believed of the effect before: nothing, or a normal distribution of the relative or of the absolute effect.
 * A relative prior is carried over to an absolute effect by the control mean, and the other way round.
 */
export type EffectPrior =
  | { readonly kind: 'flat' }
  | {
      readonly kind: 'normal';
      readonly mean: number;
      readonly variance: number;
      readonly unit: 'relative' | 'absolute';
    };

/** What was believed of each arm's share before, as successes and failures; 1 and 1 is flat. For proportions only. */
export interface BetaPrior {
  readonly kind: 'beta';
  readonly control: BetaParameters;
  readonly treatment: BetaParameters;
}

export interface BetaParameters {
  readonly alpha: number;
  readonly beta: number;
}
