import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareArms, compareEstimates } from './compare-arms.ts';
import type { Comparison, ComparisonOptions } from './comparison.ts';
import { adjustmentOf, estimateAdjusted, type AdjustableStatistics } from './cuped.ts';
import type { ArmStatistics } from './estimate-arm.ts';
import type { Invalid } from './invalid.ts';
import { testSampleRatio } from './sample-ratio.ts';

const number = fc.oneof(
  fc.double(),
  fc.integer({ min: -5, max: 1000 }),
  fc.constantFrom(0, 1, 1e9, 1e-300, 1e155, 1e300),
);
const sums = fc.record({ sum: number, sumSquares: number });

/** Sums of up to five users, which agree with one another whatever the users' values are. */
const users = fc.array(fc.tuple(number, number), { minLength: 1, maxLength: 5 });
const total = (each: readonly number[]): number => each.reduce((all, value) => all + value, 0);
const partOf = (each: readonly number[]) => ({ sum: total(each), sumSquares: total(each.map((x) => x * x)) });

const arm: fc.Arbitrary<ArmStatistics> = fc.oneof(
  fc.record({ kind: fc.constant('mean' as const), n: number, sum: number, sumSquares: number }),
  fc.record({
    kind: fc.constantFrom('proportion' as const, 'retention' as const),
    n: number,
    successes: number,
  }),
  fc.tuple(fc.nat(2 ** 40), fc.double({ min: 0, max: 1, noNaN: true })).map(([n, share]) => ({
    kind: 'proportion' as const,
    n,
    successes: Math.round(n * share),
  })),
  fc.record({
    kind: fc.constant('ratio' as const),
    n: number,
    numerator: sums,
    denominator: sums,
    sumProducts: number,
  }),
  users.map((each) => ({
    kind: 'ratio' as const,
    n: each.length,
    numerator: partOf(each.map(([x]) => x)),
    denominator: partOf(each.map(([, y]) => y)),
    sumProducts: total(each.map(([x, y]) => x * y)),
  })),
);
const adjustable: fc.Arbitrary<AdjustableStatistics> = fc.oneof(
  users.map((each) => ({
    kind: 'mean' as const,
    n: each.length + 1,
    ...partOf(each.map(([x]) => x)),
    prePeriod: {
      n: each.length,
      ...partOf(each.map(([, y]) => y)),
      sumMetric: total(each.map(([x]) => x)),
      sumProducts: total(each.map(([x, y]) => x * y)),
    },
  })),
  fc.record({
    kind: fc.constant('mean' as const),
    n: number,
    sum: number,
    sumSquares: number,
    prePeriod: fc.record({
      n: number,
      sum: number,
      sumSquares: number,
      sumMetric: number,
      sumProducts: number,
    }),
  }),
);

const beta = fc.record({ alpha: number, beta: number });
const method: fc.Arbitrary<ComparisonOptions['method']> = fc.oneof(
  fc.constant({ kind: 'fixed-horizon' as const }),
  fc.record({ kind: fc.constant('sequential' as const), tuning: number }),
  fc.constant({ kind: 'bayesian' as const, prior: { kind: 'flat' as const } }),
  fc.record({
    kind: fc.constant('bayesian' as const),
    prior: fc.oneof(
      fc.record({
        kind: fc.constant('normal' as const),
        mean: number,
        variance: number,
        unit: fc.constantFrom('relative' as const, 'absolute' as const),
      }),
      fc.record({ kind: fc.constant('beta' as const), control: beta, treatment: beta }),
      fc.constant({
        kind: 'beta' as const,
        control: { alpha: 1, beta: 1 },
        treatment: { alpha: 1, beta: 1 },
      }),
    ),
  }),
);
const options: fc.Arbitrary<ComparisonOptions> = fc.record({
  method,
  relative: fc.boolean(),
  alpha: fc.oneof(fc.constant(0.05), number),
  relativeInterval: fc.constantFrom('delta' as const, 'fieller' as const),
});

/** What of an answer nobody should see. */
function faultsOf(result: Comparison | Invalid): unknown[] {
  if (result.kind === 'invalid') return [];
  const { effect, lower, upper, evidence } = result;
  const shown = [
    effect,
    lower,
    upper,
    ...Object.values(evidence).filter((value) => typeof value === 'number'),
  ];
  const faults: unknown[] = shown.filter((value) => !Number.isFinite(value));
  return lower <= upper ? faults : [...faults, 'an interval that ends before it begins'];
}

describe('whatever is asked, no answer holds NaN or Infinity', () => {
  it('of arms of any kind, by any method', () => {
    fc.assert(
      fc.property(arm, arm, options, (a, b, chosen) => {
        expect(faultsOf(compareArms(a, b, chosen))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('after CUPED', () => {
    fc.assert(
      fc.property(adjustable, adjustable, options, (control, treatment, chosen) => {
        const adjustment = adjustmentOf([control, treatment]);
        const [a, b] = [estimateAdjusted(control, adjustment), estimateAdjusted(treatment, adjustment)];
        if ('kind' in a || 'kind' in b) return;
        expect(faultsOf(compareEstimates(a, b, chosen))).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  });

  it('of a split', () => {
    const counts = fc.array(number, { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(counts, fc.option(counts), (observed, given) => {
        const weights = given ?? observed.map(() => 1 / observed.length);
        const result = testSampleRatio(observed, weights);
        if (result.kind === 'invalid') return;
        expect(result.pValue).toBeGreaterThanOrEqual(0);
        expect(result.pValue).toBeLessThanOrEqual(1);
      }),
      { numRuns: 1_000 },
    );
  });
});
