import type { Effect } from './effect.ts';
import { mixtureInformation } from './sequential-critical-value.ts';

/**
 * Always-valid p of "no effect", at most 1: nearly the α at which the confidence sequence, tuned for `alpha`, would just reach
 * 0, and under `alpha` exactly where it excludes 0. Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas, arXiv 2103.06476v7,
 * equation 155.
 */
export function sequentialPValue(effect: Effect, users: number, alpha: number, tuning: number): number {
  const information = mixtureInformation(users, alpha, tuning);
  const z = effect.estimate / effect.standardError;
  return Math.min(1, Math.exp(Math.log1p(information) / 2 - (z * z * information) / (2 * (information + 1))));
}
