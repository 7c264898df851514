import { betaDeviation, betaMean, type Beta } from './beta.ts';

/** The first positions belong to the ranking. */
export const rankedFirst = 3;

/** Posteriors whose deviation is this share of their mean, on average, are as wide as exploration needs. */
const wide = 0.5;

/**
 * Whether a feed's `position`, counted from 1, is an exploration slot when `share` of those after the third are: evenly
 * spread, and known before anything is drawn.
 */
export function isSlot(position: number, share: number): boolean {
  const place = position - rankedFirst;
  return place > 0 && Math.floor(place * share) > Math.floor((place - 1) * share);
}

/**
 * The share of positions after the third that exploration gets: `most` as long as posteriors are wide, and in proportion
 * less as they narrow, by their mean standard deviation over their mean. 0 without any.
 */
export function shareFor(posteriors: readonly Beta[], most: number): number {
  let [deviations, means] = [0, 0];
  for (const posterior of posteriors) {
    deviations += betaDeviation(posterior);
    means += betaMean(posterior);
  }
  return means === 0 ? 0 : most * Math.min(1, deviations / means / wide);
}
