import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adjustByBenjaminiHochberg, adjustByHolm } from './adjust-p-values.ts';

const closeTo = (values: readonly number[]): unknown[] =>
  values.map((value): unknown => expect.closeTo(value, 4));
const manyPValues = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 40 });

describe('adjusted p-values', () => {
  it('have the published values of Holm', () => {
    const adjusted = adjustByHolm([0.01, 0.04, 0.03, 0.005, 0.55, 0.6]);
    expect(adjusted).toEqual(closeTo([0.05, 0.12, 0.12, 0.03, 1, 1]));
  });

  it('have the published values of Benjamini and Hochberg', () => {
    const adjusted = adjustByBenjaminiHochberg([0.898, 0.138, 0.007, 0.964, 0.538, 0.006, 0.138]);
    expect(adjusted).toEqual(closeTo([0.964, 0.2415, 0.0245, 0.964, 0.7532, 0.0245, 0.2415]));
  });

  it('lie between the raw ones and 1, Holm above Benjamini and Hochberg, in the same order', () => {
    fc.assert(
      fc.property(manyPValues, (pValues) => {
        const [holm, hochberg] = [adjustByHolm(pValues), adjustByBenjaminiHochberg(pValues)];
        pValues.forEach((pValue, index) => {
          expect(hochberg[index]).toBeGreaterThanOrEqual(pValue);
          // Rounding apart.
          expect(hochberg[index]).toBeLessThanOrEqual((holm[index] ?? 0) * (1 + 1e-15));
          expect(holm[index]).toBeLessThanOrEqual(1);
          pValues.forEach((other, position) => {
            if (pValue > other) return;
            expect(holm[index]).toBeLessThanOrEqual(holm[position] ?? 0);
            expect(hochberg[index]).toBeLessThanOrEqual(hochberg[position] ?? 0);
          });
        });
      }),
    );
  });

  it('leave a single test alone, and none', () => {
    for (const adjust of [adjustByHolm, adjustByBenjaminiHochberg]) {
      expect(adjust([0.03])).toEqual([0.03]);
      expect(adjust([])).toEqual([]);
    }
  });

  it('follow their p-values, whatever the order', () => {
    fc.assert(
      fc.property(manyPValues, (pValues) => {
        for (const adjust of [adjustByHolm, adjustByBenjaminiHochberg]) {
          expect(adjust(pValues.toReversed()).toReversed()).toEqual(adjust(pValues));
        }
      }),
    );
  });
});
