import type { BetaParameters } from './prior.ts';

/** Points and weights: Σ weight · g(x) is the mean of g over a Beta distribution. */
export type BetaGrid = readonly { readonly x: number; readonly weight: number }[];

/**
 * The grid of `over`, fine enough for functions that change as fast as the distribution function of `against`. On the
 * scale of log odds a Beta density is smooth and falls off exponentially on both sides, where the trapezoidal rule
 * converges exponentially (Trefethen, Weideman, SIAM Review 56 (2014) 385): a third of a standard deviation is fine enough.
 */
export function betaGrid(over: BetaParameters, against: BetaParameters): BetaGrid {
  const spread = spreadOf(over);
  const step = Math.min(coarsest, spread / 3, Math.max(spreadOf(against) / 3, spread / finest));
  const mode = Math.log(over.alpha / over.beta);
  const top = logDensity(mode, over);
  const points: { x: number; weight: number }[] = [];
  const append = (y: number): boolean => {
    const weight = Math.exp(logDensity(y, over) - top);
    points.push({ x: 1 / (1 + Math.exp(-y)), weight });
    return weight > negligible;
  };
  for (let index = 0; append(mode + index * step); index += 1);
  for (let index = -1; append(mode + index * step); index -= 1);
  const total = points.reduce((sum, { weight }) => sum + weight, 0);
  return points.map(({ x, weight }) => ({ x, weight: weight / total }));
}

/** A step in log odds over which the logistic function's poles would be felt. */
const coarsest = 0.3;
/** At most so many points for one standard deviation, where one arm has ten thousand times as many users. */
const finest = 100;
const negligible = 1e-18;

/** Standard deviation of the log odds, nearly. */
function spreadOf({ alpha, beta }: BetaParameters): number {
  return Math.sqrt(1 / alpha + 1 / beta);
}

/** Of the log odds, without its constant. */
function logDensity(y: number, { alpha, beta }: BetaParameters): number {
  // log1p(e^−y) for either sign of y, without overflow.
  const rest = Math.log1p(Math.exp(-Math.abs(y)));
  return -alpha * (rest + Math.max(0, -y)) - beta * (rest + Math.max(0, y));
}
