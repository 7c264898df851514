import { normalCdf, normalDensity } from './distributions.ts';
import type { Effect } from './effect.ts';

/** The effect's distribution after the data: precisions add up. Gelman et al., Bayesian Data Analysis, 2.5. */
export function posteriorOf(effect: Effect, prior: { mean: number; variance: number } | undefined): Effect {
  if (prior === undefined) return effect;
  const weight = prior.variance / (prior.variance + effect.standardError ** 2);
  return {
    ...effect,
    estimate: weight * effect.estimate + (1 - weight) * prior.mean,
    standardError: Math.sqrt(weight) * effect.standardError,
  };
}

/** P(effect > 0). */
export function chanceToWin({ estimate, standardError }: Effect): number {
  return normalCdf(estimate / standardError);
}

/** E max(0, −effect), in the unit of the effect: what choosing the treatment costs where it is the worse one. */
export function expectedLoss({ estimate, standardError }: Effect): number {
  const z = estimate / standardError;
  return Math.max(0, standardError * (normalDensity(z) - z * normalCdf(-z)));
}
