import { betaGrid, type BetaGrid } from './beta-grid.ts';
import type { Comparison } from './comparison.ts';
import { betaCdf } from './distributions.ts';
import { estimateArm, type ArmStatistics } from './estimate-arm.ts';
import { invalid, type Invalid } from './invalid.ts';
import type { BetaParameters, BetaPrior } from './prior.ts';

/**
 * Two proportions by their Beta posteriors, integrated exactly where `compareArms` with another prior approximates by a
 * normal distribution: right for shares near 0 and for few users, an arm without a single success included. `effect` is
 * the posterior's median, and the interval has equal tails.
 */
export function compareBetas(
  control: ArmStatistics,
  treatment: ArmStatistics,
  { prior, relative, alpha }: { prior: BetaPrior; relative: boolean; alpha: number },
): Comparison | Invalid {
  const before = posteriorOf(control, prior.control);
  if ('kind' in before) return before;
  const after = posteriorOf(treatment, prior.treatment);
  if ('kind' in after) return after;
  const grid = betaGrid(before, after);

  const tails = [alpha / 2, 0.5, 1 - alpha / 2];
  // Over the arm that is known better, so that the other's distribution function is smooth where it is read.
  const other = betaGrid(after, before);
  const byDifference = isKnownBetter(before, after, deviationOf)
    ? (effect: number): number => mean(grid, (x) => betaCdf(x + effect, after.alpha, after.beta))
    : (effect: number): number => mean(other, (y) => betaCdf(1 - y + effect, before.beta, before.alpha));
  const byRatio = isKnownBetter(before, after, relativeDeviationOf)
    ? (effect: number): number => mean(grid, (x) => betaCdf(x * (1 + effect), after.alpha, after.beta))
    : (effect: number): number =>
        mean(other, (y) => betaCdf(1 - y / (1 + effect), before.beta, before.alpha));
  const absolute = tails.map((tail) => quantileOf(byDifference, tail));
  const shown = relative ? tails.map((tail) => quantileOf(byRatio, tail)) : absolute;
  const [lower = Number.NaN, effect = Number.NaN, upper = Number.NaN] = shown;
  const [from = Number.NaN, , to = Number.NaN] = absolute;
  const loss = mean(grid, (x) => (relative && x > 0 ? shortfall(x, after) / x : shortfall(x, after)));
  if (![lower, effect, upper, loss].every((value) => Number.isFinite(value))) return invalid('OVERFLOW');
  return {
    kind: 'comparison',
    effect,
    lower,
    upper,
    significant: from > 0 || to < 0,
    evidence: {
      kind: 'posterior',
      // P(Y > x) as P(1 − Y < 1 − x), which keeps the digits of a small one.
      chanceToWin: mean(grid, (x) => betaCdf(1 - x, after.beta, after.alpha)),
      expectedLoss: loss,
    },
  };
}

function isKnownBetter(
  one: BetaParameters,
  other: BetaParameters,
  uncertainty: (parameters: BetaParameters) => number,
): boolean {
  return uncertainty(one) <= uncertainty(other);
}

function deviationOf({ alpha, beta }: BetaParameters): number {
  return Math.sqrt((alpha * beta) / (alpha + beta + 1)) / (alpha + beta);
}

function relativeDeviationOf({ alpha, beta }: BetaParameters): number {
  return Math.sqrt(beta / (alpha * (alpha + beta + 1)));
}

/** E max(0, x − Y): ∫ (x − y) f(y) dy up to x, of which y f(y) is again a Beta density, of one success more. */
function shortfall(x: number, { alpha, beta }: BetaParameters): number {
  const share = alpha / (alpha + beta);
  return Math.max(0, x * betaCdf(x, alpha, beta) - share * betaCdf(x, alpha + 1, beta));
}

function posteriorOf(arm: ArmStatistics, prior: BetaParameters): BetaParameters | Invalid {
  const proper = [prior.alpha, prior.beta].every((value) => value > 0 && Number.isFinite(value));
  if (!proper || (arm.kind !== 'proportion' && arm.kind !== 'retention'))
    return invalid('PRIOR_OUT_OF_RANGE');
  const estimate = estimateArm(arm);
  // A proper prior makes up for too few users, and for users who are all alike.
  const harmless = !('kind' in estimate) || ['TOO_FEW_USERS', 'ZERO_VARIANCE'].includes(estimate.code);
  if (!harmless) return estimate;
  const posterior = { alpha: prior.alpha + arm.successes, beta: prior.beta + arm.n - arm.successes };
  const [least, greatest] = [Math.min(...Object.values(posterior)), Math.max(...Object.values(posterior))];
  if (least < leastParameter) return invalid('PRIOR_OUT_OF_RANGE');
  return greatest > greatestParameter ? invalid('OVERFLOW') : posterior;
}

/** Below, nearly all of a posterior lies so near 0 or 1 that no grid of a bearable size reaches there. */
const leastParameter = 0.1;
/** Above, the logarithms of densities, which grow with it, have lost four digits of what is behind the point. */
const greatestParameter = 1e12;

function mean(grid: BetaGrid, of: (x: number) => number): number {
  return grid.reduce((sum, { x, weight }) => sum + weight * of(x), 0);
}

/** Where the distribution function of an effect, which is at least −1, reaches `tail`: by bisection. */
function quantileOf(cdf: (effect: number) => number, tail: number): number {
  let [low, high] = [-1, 1];
  while (cdf(high) < tail) [low, high] = [high, 2 * high];
  while (high - low > precision * Math.max(1, Math.abs(low))) {
    const middle = (low + high) / 2;
    if (cdf(middle) < tail) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

const precision = 1e-12;
