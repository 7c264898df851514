import { invalid, type Invalid, type InvalidCode } from './invalid.ts';

/** What is known of one arm, as sums over its users. Each sum is over all `n` users, those without an event included. */
export type ArmStatistics = MeanStatistics | ProportionStatistics | RatioStatistics;

export interface MeanStatistics {
  readonly kind: 'mean';
  readonly n: number;
  readonly sum: number;
  readonly sumSquares: number;
}

/** The share of users who did something (proportion), or who came back (retention). */
export interface ProportionStatistics {
  readonly kind: 'proportion' | 'retention';
  readonly n: number;
  readonly successes: number;
}

/** Σ numerator / Σ denominator where the user was assigned and not the unit of the denominator, as clicks per session. */
export interface RatioStatistics {
  readonly kind: 'ratio';
  readonly n: number;
  readonly numerator: { readonly sum: number; readonly sumSquares: number };
  readonly denominator: { readonly sum: number; readonly sumSquares: number };
  /** Σ numerator × denominator, user by user. */
  readonly sumProducts: number;
}

/**
 * Mean of a metric over `n` users, and its variance for one user: the mean's own is `variance / n`. `baseline` is what a
 * relative effect is divided by; it differs from the mean itself after CUPED alone.
 */
export interface ArmEstimate {
  readonly n: number;
  readonly mean: number;
  readonly variance: number;
  readonly baseline: {
    readonly mean: number;
    readonly variance: number;
    /** Of the baseline and the metric, for one user. */
    readonly covariance: number;
  };
}

/** The estimate of an arm, or why its sums give none. */
export function estimateArm(arm: ArmStatistics): ArmEstimate | Invalid {
  const problem = problemOf(arm);
  if (problem !== undefined) return invalid(problem);
  if (arm.kind === 'ratio') return estimateRatio(arm);
  if (arm.kind === 'mean') {
    return estimateOf(arm.n, arm.sum / arm.n, deviationsOf(arm.n, arm) / (arm.n - 1));
  }
  // The maximum-likelihood variance, as in GrowthBook's gbstats: no n / (n − 1).
  const share = arm.successes / arm.n;
  return estimateOf(arm.n, share, share * (1 - share));
}

/** An estimate whose relative effect is divided by its own mean. */
export function estimateOf(n: number, mean: number, variance: number): ArmEstimate | Invalid {
  if (!Number.isFinite(mean) || !Number.isFinite(variance)) return invalid('OVERFLOW');
  if (variance <= 0) return invalid('ZERO_VARIANCE');
  return { n, mean, variance, baseline: { mean, variance, covariance: variance } };
}

/** Σ (x − mean)²; exactly 0 where what is left of the subtraction is rounding. */
export function deviationsOf(n: number, { sum, sumSquares }: { sum: number; sumSquares: number }): number {
  const deviations = sumSquares - (sum / n) * sum;
  return Math.abs(deviations) <= rounding * sumSquares ? 0 : deviations;
}

/** Delta method: Deng, Knoblich, Lu, "Applying the Delta Method in Metric Analytics", KDD 2018, equation 4. */
function estimateRatio(arm: RatioStatistics): ArmEstimate | Invalid {
  const { n, numerator, denominator } = arm;
  const meanDenominator = denominator.sum / n;
  if (meanDenominator === 0) return invalid('DENOMINATOR_ZERO');
  const ratio = numerator.sum / denominator.sum;
  const covariance = (arm.sumProducts - (numerator.sum / n) * denominator.sum) / (n - 1);
  const varianceNumerator = deviationsOf(n, numerator) / (n - 1);
  const varianceDenominator = deviationsOf(n, denominator) / (n - 1);
  const ofParts = varianceNumerator + ratio ** 2 * varianceDenominator;
  const variance = ofParts - 2 * ratio * covariance;
  return estimateOf(n, ratio, Math.abs(variance) <= rounding * ofParts ? 0 : variance / meanDenominator ** 2);
}

function problemOf(arm: ArmStatistics): InvalidCode | undefined {
  if (!Number.isSafeInteger(arm.n) || arm.n < 0) return 'COUNT_OUT_OF_RANGE';
  if (!sumsOf(arm).every((sum) => Number.isFinite(sum))) return 'NOT_A_NUMBER';
  if (arm.kind !== 'mean' && arm.kind !== 'ratio') {
    if (arm.successes < 0 || arm.successes > arm.n) return 'SUCCESSES_OUT_OF_RANGE';
    return arm.n < 2 ? 'TOO_FEW_USERS' : undefined;
  }
  if (arm.n < 2) return 'TOO_FEW_USERS';
  return isConsistent(arm) ? undefined : 'INCONSISTENT_SUMS';
}

function sumsOf(arm: ArmStatistics): readonly number[] {
  if (arm.kind === 'mean') return [arm.sum, arm.sumSquares];
  if (arm.kind !== 'ratio') return [arm.successes];
  const { numerator, denominator, sumProducts } = arm;
  return [numerator.sum, numerator.sumSquares, denominator.sum, denominator.sumSquares, sumProducts];
}

function isConsistent(arm: MeanStatistics | RatioStatistics): boolean {
  if (arm.kind === 'mean') return deviationsOf(arm.n, arm) >= 0;
  const { n, numerator, denominator } = arm;
  const [first, second] = [deviationsOf(n, numerator), deviationsOf(n, denominator)];
  if (first < 0 || second < 0) return false;
  // Cauchy and Schwarz, with room for rounding.
  const products = arm.sumProducts - (numerator.sum / n) * denominator.sum;
  const scale = Math.sqrt(numerator.sumSquares) * Math.sqrt(denominator.sumSquares);
  return Math.abs(products) <= Math.sqrt(first) * Math.sqrt(second) + productRounding * scale;
}

/** Relative size under which a difference of sums is rounding: sums of a thousand million terms keep twelve digits. */
const rounding = 1e-12;
/** The same for a sum of products, of which the bound is a product of two roots of such differences. */
const productRounding = 1e-9;
