import { chiSquareSurvival } from './distributions.ts';

/** Whether the users are split over the variants as planned. */
export type SampleRatioResult =
  | {
      readonly kind: 'tested';
      /** How likely a split at least this uneven is by chance. */
      readonly pValue: number;
      readonly mismatch: boolean;
    }
  | { readonly kind: 'invalid'; readonly reason: string };

/** Below this p-value the split is taken to be wrong; a test that is read often must not cry wolf. */
const mismatchBelow = 0.001;

/**
 * Tests the numbers of users `observed` per variant against the planned `weights`, which add up to 1, by Pearson's χ² test of
 * goodness of fit with one degree of freedom less than there are variants. Source: Fabijan et al., Diagnosing sample ratio
 * mismatch in online controlled experiments (2019).
 */
export function testSampleRatio(observed: readonly number[], weights: readonly number[]): SampleRatioResult {
  if (observed.length !== weights.length) {
    return invalid(`There are ${observed.length} counts of users and ${weights.length} weights.`);
  }
  if (observed.length < 2) return invalid('There must be two variants or more.');
  if (observed.some((users) => !(users >= 0 && users <= Number.MAX_SAFE_INTEGER))) {
    return invalid('Each count of users must be from 0 to 2⁵³ − 1.');
  }
  if (weights.some((weight) => !(weight > 0))) return invalid('Each weight must be above 0.');
  const planned = weights.reduce((sum, weight) => sum + weight, 0);
  if (!(Math.abs(planned - 1) <= 1e-6)) {
    return invalid(`The weights must add up to 1, and add up to ${Number(planned.toPrecision(6))}.`);
  }
  const users = observed.reduce((sum, each) => sum + each, 0);
  if (users === 0) return invalid('Nobody has been observed.');
  const statistic = observed.reduce((sum, each, index) => {
    const expected = users * (weights[index] ?? 0);
    return sum + (each - expected) ** 2 / expected;
  }, 0);
  const pValue = chiSquareSurvival(statistic, observed.length - 1);
  return { kind: 'tested', pValue, mismatch: pValue < mismatchBelow };
}

function invalid(reason: string): SampleRatioResult {
  return { kind: 'invalid', reason };
}
