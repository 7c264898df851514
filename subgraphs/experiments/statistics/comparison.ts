import type { BetaPrior, EffectPrior } from './prior.ts';

/** How the effect of a treatment is judged. */
export interface ComparisonOptions {
  readonly method: ComparisonMethod;
  /** Whether the effect is shown relative to the control (0.1 = +10 %) or in the unit of the metric. */
  readonly relative: boolean;
  /** 1 − confidence, between 0 and 1. */
  readonly alpha: number;
  /**
   * `delta`, the default: the delta method's, as others publish it, for a control mean of 10 standard errors or more.
   * `fieller`: Fieller's, right however near 0 the control mean is, and in agreement with the p-value; none where it is
   * unbounded, or where the method is Bayesian and the control mean weak. Taking one or the other by the control mean
   * that was seen would not do: near the border it takes the worse one of the two, and holds the effect less often than
   * either.
   */
  readonly relativeInterval?: 'delta' | 'fieller';
}

export type ComparisonMethod =
  | { readonly kind: 'fixed-horizon' }
  /** `tuning`: the number of users, of both arms, at which the intervals shall be narrowest. */
  | { readonly kind: 'sequential'; readonly tuning: number }
  | { readonly kind: 'bayesian'; readonly prior: EffectPrior | BetaPrior };

/** No number in it is NaN or infinite. `significant` is decided by the absolute effect, whichever is shown. */
export interface Comparison {
  readonly kind: 'comparison';
  readonly effect: number;
  readonly lower: number;
  readonly upper: number;
  readonly significant: boolean;
  readonly evidence: Evidence;
}

export type Evidence =
  | { readonly kind: 'p-value'; readonly pValue: number }
  /** `expectedLoss` is of choosing the treatment, E max(0, −effect), in the unit of the effect. */
  | { readonly kind: 'posterior'; readonly chanceToWin: number; readonly expectedLoss: number };
