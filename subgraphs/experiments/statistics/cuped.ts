import {
  deviationsOf,
  estimateArm,
  estimateOf,
  type ArmEstimate,
  type MeanStatistics,
} from './estimate-arm.ts';
import { invalid, type Invalid } from './invalid.ts';

/** Sums of a metric over all users of an arm, and of what is known from before about those who were there before. */
export interface AdjustableStatistics extends MeanStatistics {
  readonly prePeriod: {
    /** Users who have a pre-period; a user who came later has none, and is not one with the value 0. */
    readonly n: number;
    readonly sum: number;
    readonly sumSquares: number;
    /** Σ of the metric itself over these users. */
    readonly sumMetric: number;
    /** Σ pre-period value × metric. */
    readonly sumProducts: number;
  };
}

/** What one unit of the pre-period's value, and having a pre-period at all, add to the metric; of all arms together. */
export interface Adjustment {
  readonly theta: number;
  readonly thetaPresence: number;
  readonly meanPrePeriod: number;
  readonly sharePresent: number;
}

/**
 * CUPED of two covariates: the pre-period's value, where a user without one counts as the mean of the others, and whether
 * there is one. Both were fixed before the assignment, so neither biases the effect; with the mean put in, they are
 * uncorrelated, so each θ is that of a simple regression. Where all users have a pre-period it is the published method.
 * Deng, Xu, Kohavi, Walker, "Improving the Sensitivity of Online Controlled Experiments by Utilizing Pre-Experiment Data",
 * WSDM 2013, section 3; for users without pre-period its section 4.3.
 */
export function adjustmentOf(arms: readonly AdjustableStatistics[]): Adjustment {
  const total = arms.map(({ n, sum, prePeriod }) => ({ ...prePeriod, users: n, metric: sum })).reduce(add);
  const { n, users, sum, sumMetric, sumProducts, metric } = total;
  const meanPrePeriod = n === 0 ? 0 : sum / n;
  const spread = n === 0 ? 0 : deviationsOf(n, total);
  const absent = users - n;
  return {
    theta: spread > 0 ? (sumProducts - meanPrePeriod * sumMetric) / spread : 0,
    thetaPresence: n > 0 && absent > 0 ? sumMetric / n - (metric - sumMetric) / absent : 0,
    meanPrePeriod,
    sharePresent: users === 0 ? 0 : n / users,
  };
}

/**
 * The arm's mean less what the pre-period explains of it. Its `baseline` is the plain mean, so that a relative effect
 * means the same with and without the adjustment.
 */
export function estimateAdjusted(arm: AdjustableStatistics, adjustment: Adjustment): ArmEstimate | Invalid {
  const plain = estimateArm(arm);
  if ('kind' in plain) return plain;
  const { n, sum, prePeriod } = arm;
  const { theta, thetaPresence, meanPrePeriod, sharePresent } = adjustment;
  if (!isConsistent(arm)) return invalid('INCONSISTENT_SUMS');

  // Sums over the arm of x = pre-period − its mean, 0 without one, and of w = 1 with and 0 without a pre-period.
  const sumX = prePeriod.sum - prePeriod.n * meanPrePeriod;
  const squaresX =
    prePeriod.sumSquares - 2 * meanPrePeriod * prePeriod.sum + prePeriod.n * meanPrePeriod ** 2;
  const productsX = prePeriod.sumProducts - meanPrePeriod * prePeriod.sumMetric;
  const share = prePeriod.n / n;
  // Sums of deviations from the arm's own means.
  const ofX = squaresX - (sumX / n) * sumX;
  const ofPresence = prePeriod.n * (1 - share);
  const withX = productsX - (sumX / n) * sum;
  const withPresence = prePeriod.sumMetric - share * sum;
  const between = sumX * (1 - share);

  const deviations = plain.variance * (n - 1);
  const explained = theta * withX + thetaPresence * withPresence;
  const ofCovariates =
    theta ** 2 * ofX + thetaPresence ** 2 * ofPresence + 2 * theta * thetaPresence * between;
  const mean = plain.mean - (theta * sumX) / n - thetaPresence * (share - sharePresent);
  const residual = deviations - 2 * explained + ofCovariates;
  const adjusted = estimateOf(n, mean, residual <= rounding * deviations ? 0 : residual / (n - 1));
  if ('kind' in adjusted) return adjusted;
  const covariance = (deviations - explained) / (n - 1);
  return { ...adjusted, baseline: { mean: plain.mean, variance: plain.variance, covariance } };
}

/** A residual of less is rounding of the sums it comes from. */
const rounding = 1e-12;

function isConsistent({ n, prePeriod }: AdjustableStatistics): boolean {
  const { sum, sumSquares, sumMetric, sumProducts } = prePeriod;
  const finite = [sum, sumSquares, sumMetric, sumProducts].every((value) => Number.isFinite(value));
  const counted = Number.isSafeInteger(prePeriod.n) && prePeriod.n >= 0 && prePeriod.n <= n;
  if (!finite || !counted) return false;
  return prePeriod.n === 0 ? sum === 0 && sumSquares === 0 : deviationsOf(prePeriod.n, prePeriod) >= 0;
}

interface Totals {
  readonly n: number;
  readonly sum: number;
  readonly sumSquares: number;
  readonly sumMetric: number;
  readonly sumProducts: number;
  readonly users: number;
  readonly metric: number;
}

function add(a: Totals, b: Totals): Totals {
  return {
    n: a.n + b.n,
    sum: a.sum + b.sum,
    sumSquares: a.sumSquares + b.sumSquares,
    sumMetric: a.sumMetric + b.sumMetric,
    sumProducts: a.sumProducts + b.sumProducts,
    users: a.users + b.users,
    metric: a.metric + b.metric,
  };
}
