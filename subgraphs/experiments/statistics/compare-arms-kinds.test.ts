import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareArms } from './compare-arms.ts';
import type { Comparison, ComparisonMethod, ComparisonOptions } from './comparison.ts';
import type { ArmStatistics, RatioStatistics } from './estimate-arm.ts';

const methods: ComparisonMethod[] = [
  { kind: 'fixed-horizon' },
  { kind: 'sequential', tuning: 5000 },
  { kind: 'bayesian', prior: { kind: 'flat' } },
];

function compare(a: ArmStatistics, b: ArmStatistics, options: Partial<ComparisonOptions>): Comparison {
  const [method = { kind: 'fixed-horizon' as const }] = methods;
  const result = compareArms(a, b, { method, relative: true, alpha: 0.05, ...options });
  if (result.kind === 'invalid') throw new Error(result.sentence);
  return result;
}

/** The p-value, or the chance to win as a distance from even chances. */
const supportOf = ({ evidence }: Comparison, sign: 1 | -1): number =>
  evidence.kind === 'p-value' ? evidence.pValue : sign * (evidence.chanceToWin - 0.5);

describe('compareArms of proportions and ratios', () => {
  it('swaps with the arms, by Beta posteriors, too', () => {
    const flat = { alpha: 1, beta: 1 };
    const kinds: [fc.Arbitrary<ArmStatistics>, ComparisonMethod[]][] = [
      [
        proportions,
        [...methods, { kind: 'bayesian', prior: { kind: 'beta', control: flat, treatment: flat } }],
      ],
      [ratios, methods],
    ];
    for (const [kind, each] of kinds) {
      fc.assert(
        fc.property(kind, kind, fc.constantFrom(...each), (a, b, method) => {
          const [there, back] = [
            compare(a, b, { method, relative: false }),
            compare(b, a, { method, relative: false }),
          ];
          expect(there.effect).toBeCloseTo(-back.effect, 10);
          expect(there.lower).toBeCloseTo(-back.upper, 10);
          expect(supportOf(there, 1)).toBeCloseTo(supportOf(back, -1), 10);
        }),
      );
    }
  });

  it('does not depend on the units of the two parts of a ratio', () => {
    const factor = fc.double({ min: 0.01, max: 100, noNaN: true });
    fc.assert(
      fc.property(
        ratios,
        ratios,
        factor,
        factor,
        fc.constantFrom(...methods),
        (a, b, above, below, method) => {
          const plain = compare(a, b, { method });
          const scaled = compare(scaleRatio(a, above, below), scaleRatio(b, above, below), { method });
          expect(distance(scaled.lower, plain.lower)).toBeLessThan(1e-6);
          expect(distance(scaled.upper, plain.upper)).toBeLessThan(1e-6);
        },
      ),
    );
  });
});

const proportions: fc.Arbitrary<ArmStatistics> = fc
  .integer({ min: 3, max: 500 })
  .chain((n) =>
    fc.integer({ min: 1, max: n - 1 }).map((successes) => ({ kind: 'proportion', n, successes })),
  );

/** Clicks and sessions of each user; ratios that are not all alike. */
const ratios: fc.Arbitrary<RatioStatistics> = fc
  .array(fc.tuple(fc.nat(20), fc.integer({ min: 1, max: 20 })), { minLength: 3, maxLength: 40 })
  .filter((users) => new Set(users.map(([x, y]) => x / y)).size > 1)
  .map((users) => {
    const sums = (of: (x: number, y: number) => number): number =>
      users.reduce((all, [x, y]) => all + of(x, y), 0);
    return {
      kind: 'ratio',
      n: users.length,
      numerator: { sum: sums((x) => x), sumSquares: sums((x) => x * x) },
      denominator: { sum: sums((_, y) => y), sumSquares: sums((_, y) => y * y) },
      sumProducts: sums((x, y) => x * y),
    };
  });

function scaleRatio(sample: RatioStatistics, above: number, below: number): RatioStatistics {
  const { numerator, denominator, sumProducts } = sample;
  const part = ({ sum, sumSquares }: typeof numerator, factor: number): typeof numerator => ({
    sum: sum * factor,
    sumSquares: sumSquares * factor ** 2,
  });
  return {
    ...sample,
    numerator: part(numerator, above),
    denominator: part(denominator, below),
    sumProducts: sumProducts * above * below,
  };
}

function distance(found: number, expected: number): number {
  return Math.abs(found - expected) / Math.max(1, Math.abs(expected));
}
