import { at } from '../learning/typed-array.ts';
import { betaDeviation, type Beta } from './beta.ts';

/** How far exploration has come with some arms. */
export interface Convergence {
  /** The mean standard deviation of the posteriors; falls towards 0. */
  readonly meanDeviation: number;
  /** How probable it is of the arm that is best most often that it is the best; rises towards 1 where one is. */
  readonly topArmProbability: number;
}

/** The convergence of arms with these posteriors, of each of which there are as many draws. Zeros without arms. */
export function convergenceOf(posteriors: readonly Beta[], draws: readonly Float32Array[]): Convergence {
  const deviations = posteriors.reduce((sum, posterior) => sum + betaDeviation(posterior), 0);
  return {
    meanDeviation: posteriors.length === 0 ? 0 : deviations / posteriors.length,
    topArmProbability: Math.max(0, ...winShares(draws)),
  };
}

/** For each arm the share of rows of the draws in which it is best, the first of equals: its probability to be chosen. */
export function winShares(draws: readonly Float32Array[]): Float64Array {
  const rows = draws[0]?.length ?? 0;
  const wins = new Float64Array(draws.length);
  for (let row = 0; row < rows; row++) {
    let best = 0;
    let bestValue = -1;
    for (const [arm, values] of draws.entries()) {
      const value = at(values, row);
      if (value > bestValue) [best, bestValue] = [arm, value];
    }
    wins[best] = at(wins, best) + 1 / rows;
  }
  return wins;
}
