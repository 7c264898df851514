import { betaDeviation, type Beta } from './beta.ts';

/** How far exploration has come with some arms. */
export interface Convergence {
  /** The mean standard deviation of the posteriors; falls towards 0. */
  readonly meanDeviation: number;
  /** How probable it is that the arm that is best most often is the best; rises towards 1 where one is. */
  readonly topArmProbability: number;
}

/** The convergence of arms with these posteriors, of each of which `draws` has as many draws. Zeros without arms. */
export function convergenceOf(posteriors: readonly Beta[], draws: readonly Float32Array[]): Convergence {
  const rows = draws[0]?.length ?? 0;
  const wins = draws.map(() => 0);
  for (let row = 0; row < rows; row++) {
    let best = 0;
    for (const [arm, values] of draws.entries()) {
      if ((values[row] ?? 0) > (draws[best]?.[row] ?? 0)) best = arm;
    }
    wins[best] = (wins[best] ?? 0) + 1;
  }
  const deviations = posteriors.reduce((sum, posterior) => sum + betaDeviation(posterior), 0);
  return {
    meanDeviation: posteriors.length === 0 ? 0 : deviations / posteriors.length,
    topArmProbability: rows === 0 ? 0 : Math.max(...wins) / rows,
  };
}
