import { randomBeta } from 'd3-random';

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
