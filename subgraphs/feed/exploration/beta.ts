import { randomBeta } from 'd3-random';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** A Beta distribution: what is believed of the probability that an item is saved. Both are above 0. */
export interface Beta {
  readonly alpha: number;
  readonly beta: number;
}

/** Draws numbers 0 ≤ x < 1. */
export type Uniform = () => number;

export function betaMean({ alpha, beta }: Beta): number {
  return alpha / (alpha + beta);
}

/** The standard deviation. */
export function betaDeviation({ alpha, beta }: Beta): number {
  const sum = alpha + beta;
  return Math.sqrt((alpha * beta) / (sum + 1)) / sum;
}

/** Returns a function that draws from Beta distributions, by `uniform` alone: the same numbers give the same draws. */
export function betaSampler(uniform: Uniform): (beta: Beta) => number {
  const sample = randomBeta.source(uniform);
  return ({ alpha, beta }) => sample(alpha, beta)();
}

/** Uniform numbers that are the same for the same seed (xoroshiro128+); only the seed's low 32 bits count. */
export function seededUniform(seed: number): Uniform {
  const generator = xoroshiro128plus(seed | 0);
  return () => uniformFloat64(generator);
}
