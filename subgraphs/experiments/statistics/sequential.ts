import type { Effect } from './effect.ts';

/** `n`: users of both arms; `tuning`: the n at which the sequence shall be narrowest. */
export interface SequentialPlan {
  readonly n: number;
  readonly alpha: number;
  readonly tuning: number;
}

/**
 * Half the width of a 1 − α asymptotic confidence sequence, in standard errors: it holds at all looks together.
 * Waudby-Smith, Arbour, Sinha, Kennedy, Ramdas, "Time-uniform central limit theory and asymptotic confidence sequences",
 * arXiv 2103.06476, theorem 2.2 with the ρ of its appendix B.2.
 */
export function sequentialWidth({ n, alpha, tuning }: SequentialPlan): number {
  const spread = n * mixtureVariance(alpha, tuning);
  return Math.sqrt(((2 * (spread + 1)) / spread) * (Math.log1p(spread) / 2 - Math.log(alpha)));
}

/** Always-valid p of "no effect", at most 1: the α at which the sequence would just reach 0. Equation 155 of the same. */
export function sequentialPValue(effect: Effect, { n, alpha, tuning }: SequentialPlan): number {
  const spread = n * mixtureVariance(alpha, tuning);
  const z = effect.estimate / effect.standardError;
  return Math.min(1, Math.exp(Math.log1p(spread) / 2 - (z * z * spread) / (2 * (spread + 1))));
}

/** ρ², the variance of the normal mixture. */
function mixtureVariance(alpha: number, tuning: number): number {
  const bits = -2 * Math.log(alpha);
  return (bits + Math.log1p(bits)) / tuning;
}
