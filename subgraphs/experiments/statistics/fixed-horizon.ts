import { studentTQuantile, studentTSurvival } from './distributions.ts';
import type { Effect } from './effect.ts';

/** Half the width of a 1 − α interval, in standard errors. */
export function fixedHorizonWidth(effect: Effect, alpha: number): number {
  return -studentTQuantile(alpha / 2, effect.degreesOfFreedom);
}

/** Two-sided p of "no effect": of Welch's t test for an absolute effect. Right for one look, at a size planned before. */
export function fixedHorizonPValue(effect: Effect): number {
  return 2 * studentTSurvival(Math.abs(effect.estimate) / effect.standardError, effect.degreesOfFreedom);
}
