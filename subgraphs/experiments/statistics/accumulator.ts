import { estimateOf, type ArmEstimate } from './estimate-arm.ts';
import { invalid, type Invalid } from './invalid.ts';

/**
 * Count, means and summed products of deviations of two values of each user, as a metric and its pre-period or a ratio's
 * two parts. Unlike sums of squares it keeps its digits where the mean is large against the spread. Plain data: it can be
 * stored, and those of days, shards or workers merge in any order.
 */
export interface Accumulator {
  readonly n: number;
  readonly meanX: number;
  readonly meanY: number;
  /** Σ (x − meanX)², Σ (y − meanY)², Σ (x − meanX)(y − meanY). */
  readonly deviationsX: number;
  readonly deviationsY: number;
  readonly codeviations: number;
}

export const emptyAccumulator: Accumulator = {
  n: 0,
  meanX: 0,
  meanY: 0,
  deviationsX: 0,
  deviationsY: 0,
  codeviations: 0,
};

/** With one user more. Welford, Technometrics 4 (1962) 419. */
export function accumulate(before: Accumulator, x: number, y = 0): Accumulator {
  return merge(before, { ...emptyAccumulator, n: 1, meanX: x, meanY: y });
}

/** Both together. Pébay, Sandia report SAND2008-6212, equations 2.1 and 3.3, after Chan, Golub and LeVeque (1979). */
export function merge(a: Accumulator, b: Accumulator): Accumulator {
  const n = a.n + b.n;
  if (n === 0) return a;
  const [shiftX, shiftY] = [b.meanX - a.meanX, b.meanY - a.meanY];
  const share = b.n / n;
  const between = a.n * share;
  return {
    n,
    meanX: a.meanX + shiftX * share,
    meanY: a.meanY + shiftY * share,
    deviationsX: a.deviationsX + b.deviationsX + shiftX * shiftX * between,
    deviationsY: a.deviationsY + b.deviationsY + shiftY * shiftY * between,
    codeviations: a.codeviations + b.codeviations + shiftX * shiftY * between,
  };
}

/** The mean of x, for `compareEstimates`. */
export function estimateMean({ n, meanX, deviationsX }: Accumulator): ArmEstimate | Invalid {
  return n < 2 ? invalid('TOO_FEW_USERS') : estimateOf(n, meanX, deviationsX / (n - 1));
}
