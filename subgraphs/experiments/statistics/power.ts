import { crossingProbability, type CrossingProbability } from './crossing-probability.ts';
import { normalQuantile } from './distributions.ts';
import { sequentialCriticalValue } from './sequential-critical-value.ts';

/** A two-sided test of one treatment against the control, as it is planned. */
export interface PlannedTest {
  readonly method: 'FIXED_HORIZON' | 'SEQUENTIAL' | 'BAYESIAN';
  readonly alpha: number;
  /** How often a sequential test is looked at, evenly spaced in users, the last time at the end. */
  readonly looks: number;
  readonly sequentialTuning: number;
}

/**
 * The chance that `test` finds its effect with `usersPerArm` in each of the two arms, by the drift: the true effect over the
 * standard error that its estimate has at the end.
 *
 * Fixed horizon: Φ(drift - z) + Φ(-drift - z) with z = Φ⁻¹(1 - α/2). Bayesian with the flat prior that is the default: the same,
 * as the credible interval is the confidence interval. Sequential: the chance that the confidence sequence excludes 0 at one
 * look at least, by numerical integration over the looks.
 */
export function powerOf(test: PlannedTest, usersPerArm: number): CrossingProbability {
  const { method, alpha, looks, sequentialTuning } = test;
  if (method !== 'SEQUENTIAL') return crossingProbability([-normalQuantile(alpha / 2)]);
  return crossingProbability(
    Array.from({ length: looks }, (_, look) =>
      sequentialCriticalValue((2 * usersPerArm * (look + 1)) / looks, alpha, sequentialTuning),
    ),
  );
}

/**
 * The drift at which `test` finds the effect with chance `target`, which is above its alpha. Of a fixed horizon z + Φ⁻¹(target),
 * the usual closed form, which does not count findings of the wrong sign; of a sequential test to 1e-12.
 */
export function requiredDrift(test: PlannedTest, power: CrossingProbability, target: number): number {
  if (test.method !== 'SEQUENTIAL') return normalQuantile(target) - normalQuantile(test.alpha / 2);
  let below = 0;
  let reached = 1;
  while (power(reached) < target) reached *= 2;
  while (reached - below > 1e-12 * reached) {
    const middle = (below + reached) / 2;
    if (power(middle) < target) below = middle;
    else reached = middle;
  }
  return reached;
}
