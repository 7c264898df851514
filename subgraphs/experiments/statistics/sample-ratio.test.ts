import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { testSampleRatio } from './sample-ratio.ts';

const pValueOf = (observed: readonly number[], weights: readonly number[]): number => {
  const result = testSampleRatio(observed, weights);
  if (result.kind === 'invalid') throw new Error(result.reason);
  return result.pValue;
};

describe('testSampleRatio', () => {
  it('has the published p-value', () => {
    expect(pValueOf([310, 98], [0.75, 0.25])).toBeCloseTo(0.647434186, 9);
  });

  it('is the tail beyond z² for two variants, and exp(-χ²/2) for three', () => {
    // Published critical values of χ²: 3.841459 and 10.827566 with one degree of freedom.
    const off = (statistic: number): number => 5000 + Math.sqrt(statistic * 2500);
    const even = [0.5, 0.5];
    expect(pValueOf([off(3.841459), 10_000 - off(3.841459)], even)).toBeCloseTo(0.05, 7);
    expect(pValueOf([off(10.827566), 10_000 - off(10.827566)], even)).toBeCloseTo(0.001, 9);
    const thirds = [1 / 3, 1 / 3, 1 / 3];
    expect(pValueOf([330, 350, 320], thirds)).toBeCloseTo(Math.exp(-1.4 / 2), 12);
  });

  it('calls a mismatch below 0.001', () => {
    expect(testSampleRatio([5164, 4836], [0.5, 0.5])).toMatchObject({ mismatch: false });
    expect(testSampleRatio([5165, 4835], [0.5, 0.5])).toMatchObject({ mismatch: true });
    expect(testSampleRatio([1e9, 0], [0.5, 0.5])).toEqual({ kind: 'tested', pValue: 0, mismatch: true });
    expect(testSampleRatio([5, 0], [5e-324, 1])).toEqual({ kind: 'tested', pValue: 0, mismatch: true });
    expect(testSampleRatio([1e9, 1e9], [0.5, 0.5])).toEqual({ kind: 'tested', pValue: 1, mismatch: false });
  });

  it('gives a probability that does not depend on the order', () => {
    const counts = fc.array(fc.integer({ min: 0, max: 2 ** 31 - 1 }), { minLength: 2, maxLength: 20 });
    fc.assert(
      fc.property(counts, (observed) => {
        fc.pre(observed.some((users) => users > 0));
        const weights = observed.map((_, index) => index + 1);
        const total = weights.reduce((sum, weight) => sum + weight, 0);
        const shares = weights.map((weight) => weight / total);
        const pValue = pValueOf(observed, shares);
        expect(pValue).toBeGreaterThanOrEqual(0);
        expect(pValue).toBeLessThanOrEqual(1);
        expect(pValueOf(observed.toReversed(), shares.toReversed())).toBeCloseTo(pValue, 9);
      }),
    );
  });

  it.each([
    ['There are 3 counts of users and 2 weights.', [1, 2, 3], [0.5, 0.5]],
    ['There must be two variants or more.', [10], [1]],
    ['Each count of users must be from 0 to 2⁵³ − 1.', [-1, 2], [0.5, 0.5]],
    ['Each count of users must be from 0 to 2⁵³ − 1.', [Number.NaN, 2], [0.5, 0.5]],
    ['Each count of users must be from 0 to 2⁵³ − 1.', [Infinity, 2], [0.5, 0.5]],
    ['Each weight must be above 0.', [1, 2], [0, 1]],
    ['Each weight must be above 0.', [1, 2], [-0.5, 1.5]],
    ['The weights must add up to 1, and add up to 2.', [310, 98], [1.5, 0.5]],
    ['The weights must add up to 1, and add up to Infinity.', [1, 2], [Infinity, 0.5]],
    ['Nobody has been observed.', [0, 0], [0.5, 0.5]],
  ])('is invalid where %s: case %#', (reason, observed, weights) => {
    expect(testSampleRatio(observed, weights)).toEqual({ kind: 'invalid', reason });
  });
});
