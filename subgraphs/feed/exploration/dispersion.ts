import type { Counts } from './arm-evidence.ts';

/** How far rates of a level differ from what the level above expects, before anything was seen. */
export interface DispersionPrior {
  /** 0..1; see `dispersionOf`. */
  readonly rho: number;
  /** Trials that it counts like. */
  readonly weight: number;
}

const limits = { least: 1 / 1_001, most: 0.5 };

/**
 * The dispersion ρ of rates around what is expected of them: the variance of a rate is m(1 − m)ρ, so that a Beta with
 * the same two moments has strength 1/ρ − 1. By the moment of Pearson's statistic, Σ (s − nm)² ÷ nm(1 − m) =
 * Σ (1 + (n − 1)ρ) (Williams, Applied Statistics 31, 1982), with a prior for want of data; from 0.001 to 0.5.
 */
export function dispersionOf(
  rows: Iterable<Counts & { readonly expected: number }>,
  prior: DispersionPrior,
): number {
  let excess = prior.rho * prior.weight;
  let weight = prior.weight;
  for (const { trials, successes, expected } of rows) {
    if (trials <= 1) continue;
    excess += (successes - trials * expected) ** 2 / (trials * expected * (1 - expected)) - 1;
    weight += trials - 1;
  }
  return Math.min(limits.most, Math.max(limits.least, excess / weight));
}

/** What `counts` say of a rate of which `expected` was believed, with dispersion `rho` around it. */
export function drawnTowards(expected: number, rho: number, { trials, successes }: Counts): number {
  const strength = 1 / rho - 1;
  return (successes + strength * expected) / (trials + strength);
}

/** The dispersion that is left around a rate once `trials` of it were seen: 1/ρ grows by each. */
export function spreadAfter(rho: number, { trials }: Counts): number {
  return 1 / (1 / rho + trials);
}
