import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { compareArms } from './compare-arms.ts';
import type { Comparison, ComparisonMethod, ComparisonOptions } from './comparison.ts';
import type { ArmStatistics } from './estimate-arm.ts';

const mean = (n: number, sum: number, sumSquares: number): ArmStatistics => ({
  kind: 'mean',
  n,
  sum,
  sumSquares,
});
const share = (n: number, successes: number): ArmStatistics => ({ kind: 'proportion', n, successes });

const fixedHorizon: ComparisonMethod = { kind: 'fixed-horizon' };
const sequential: ComparisonMethod = { kind: 'sequential', tuning: 5000 };
const bayesian: ComparisonMethod = { kind: 'bayesian', prior: { kind: 'flat' } };
const methods = [fixedHorizon, sequential, bayesian];

function compare(a: ArmStatistics, b: ArmStatistics, options: Partial<ComparisonOptions> = {}): Comparison {
  const result = compareArms(a, b, { method: fixedHorizon, relative: true, alpha: 0.05, ...options });
  if (result.kind === 'invalid') throw new Error(result.sentence);
  return result;
}

function pValueOf({ evidence }: Comparison): number {
  return evidence.kind === 'p-value' ? evidence.pValue : Number.NaN;
}

/** The p-value or the chance to win; and the same of the comparison the other way round. */
function supportOf({ evidence }: Comparison): number {
  return evidence.kind === 'p-value' ? evidence.pValue : evidence.chanceToWin;
}

function mirrored(comparison: Comparison): number {
  return comparison.evidence.kind === 'p-value' ? supportOf(comparison) : 1 - supportOf(comparison);
}

/** Effect, ends of the interval and evidence, to five digits. */
function figuresOf({ effect, lower, upper, evidence }: Comparison): number[] {
  const found = [
    effect,
    lower,
    upper,
    ...Object.values(evidence).filter((value) => typeof value === 'number'),
  ];
  return found.map((value) => Number(value.toFixed(5)));
}

describe('compareArms, against published results of gbstats', () => {
  const [a, b] = [mean(3407, 1396.87, 52377.9767), mean(3461, 2422.7, 134698.29)];

  it('agrees on means', () => {
    expect(figuresOf(compare(a, b))).toEqual([0.70732, -0.03526, 1.44989, 0.06191]);
    expect(figuresOf(compare(a, b, { relative: false }))).toEqual([0.29, 0.04538, 0.53462, 0.02016]);
  });

  it('agrees on proportions, whose variance is p(1 − p)', () => {
    expect(figuresOf(compare(share(28, 14), share(30, 16)))).toEqual([0.06667, -0.47767, 0.61101, 0.80707]);
  });

  it('agrees on confidence sequences', () => {
    const c = mean(3000, 1396.87, 52377.9767);
    const tuned = compare(c, b, { method: { kind: 'sequential', tuning: 1000 } });
    expect(figuresOf(tuned)).toEqual([0.50336, -0.55844, 1.56516, 1]);
    const shares = compare(share(3000, 1396), share(3461, 2422), { method: sequential });
    expect(figuresOf(shares)).toEqual([0.50386, 0.40098, 0.60675, 0]);
  });

  it('agrees on the expected loss of Beta posteriors', () => {
    const method = betaMethod({ alpha: 1, beta: 1 }, { alpha: 1, beta: 1 });
    const { evidence } = compare(share(100, 49), share(100, 51), { method, relative: false });
    expect(evidence.kind === 'posterior' && evidence.expectedLoss.toFixed(5)).toBe('0.01912');
    const informed = betaMethod({ alpha: 1e-9, beta: 1e-9 }, { alpha: 100, beta: 100 });
    const loss = compare(share(100, 49), share(100, 51), { method: informed, relative: false }).evidence;
    expect(loss.kind === 'posterior' && loss.expectedLoss.toFixed(5)).toBe('0.01692');
  });
});

describe('compareArms', () => {
  it('decides by the absolute effect, whichever is shown', () => {
    const shown = compare(mean(3407, 1396.87, 52377.9767), mean(3461, 2422.7, 134698.29));
    expect(shown.lower).toBeLessThan(0);
    expect(shown.significant).toBe(true);
  });

  it('swaps with the arms', () => {
    fc.assert(
      fc.property(arms, fc.constantFrom(...methods), ([a, b], method) => {
        const there = compare(a, b, { method, relative: false });
        const back = compare(b, a, { method, relative: false });
        expect(there.effect).toBeCloseTo(-back.effect, 10);
        expect(there.lower).toBeCloseTo(-back.upper, 10);
        expect(there.significant).toBe(back.significant);
        expect(supportOf(there)).toBeCloseTo(mirrored(back), 10);
      }),
    );
  });

  it('does not depend on the unit, nor the absolute effect on the origin', () => {
    fc.assert(
      fc.property(
        arms,
        fc.constantFrom(...methods),
        fc.double({ min: 0.01, max: 100, noNaN: true }),
        ([a, b], method, factor) => {
          const scaled = compare(scale(a, factor), scale(b, factor), { method });
          const plain = compare(a, b, { method });
          expect(distance(scaled.lower, plain.lower)).toBeLessThan(1e-7);
          expect(distance(scaled.upper, plain.upper)).toBeLessThan(1e-7);
          const shifted = compare(shift(a, factor), shift(b, factor), { method, relative: false });
          const unshifted = compare(a, b, { method, relative: false });
          expect(distance(shifted.lower, unshifted.lower)).toBeLessThan(1e-7);
          expect(distance(shifted.upper, unshifted.upper)).toBeLessThan(1e-7);
        },
      ),
    );
  });

  it('gives narrower intervals to more users', () => {
    fc.assert(
      fc.property(
        arms,
        fc.constantFrom(...methods),
        fc.boolean(),
        fc.integer({ min: 2, max: 50 }),
        ([a, b], method, relative, times) => {
          const few = compare(a, b, { method, relative });
          const many = compare(repeat(a, times), repeat(b, times), { method, relative });
          expect(many.upper - many.lower).toBeLessThan(few.upper - few.lower);
        },
      ),
    );
  });

  it('has a p-value under alpha exactly where the interval leaves 0 out', () => {
    const alphas = fc.double({ min: 0.001, max: 0.5, noNaN: true });
    fc.assert(
      fc.property(
        arms,
        fc.constantFrom(fixedHorizon, sequential),
        fc.boolean(),
        alphas,
        ([a, b], method, relative, alpha) => {
          const result = compare(a, b, { method, relative, alpha });
          fc.pre(Math.abs(pValueOf(result) - alpha) > 1e-9);
          expect(pValueOf(result) < alpha).toBe(result.lower > 0 || result.upper < 0);
        },
      ),
    );
  });

  it('treats a ratio of one event for each user as a mean', () => {
    const asRatio = (n: number, sum: number, sumSquares: number): ArmStatistics => ({
      kind: 'ratio',
      n,
      numerator: { sum, sumSquares },
      denominator: { sum: n, sumSquares: n },
      sumProducts: sum,
    });
    const ratio = compare(asRatio(100, 50, 90), asRatio(120, 70, 110));
    const plain = compare(mean(100, 50, 90), mean(120, 70, 110));
    expect(distance(ratio.lower, plain.lower)).toBeLessThan(1e-7);
    expect(distance(ratio.upper, plain.upper)).toBeLessThan(1e-7);
  });

  it('takes the covariance of a ratio into account', () => {
    const users = [
      [1, 2],
      [3, 5],
      [2, 4],
      [5, 9],
      [0, 1],
    ] as const;
    const sums = (of: (x: number, y: number) => number): number =>
      users.reduce((all, [x, y]) => all + of(x, y), 0);
    const arm: ArmStatistics = {
      kind: 'ratio',
      n: 5,
      numerator: { sum: sums((x) => x), sumSquares: sums((x) => x * x) },
      denominator: { sum: sums((_, y) => y), sumSquares: sums((_, y) => y * y) },
      sumProducts: sums((x, y) => x * y),
    };
    // The same by the linearised values (x − R y) / mean y, whose variance is the delta method's.
    const ratio = 11 / 21;
    const linear = users.map(([x, y]) => ratio + (x - ratio * y) / 4.2);
    const linearised = mean(
      5,
      linear.reduce((all, value) => all + value, 0),
      linear.reduce((all, value) => all + value ** 2, 0),
    );
    const other = mean(50, 20, 30);
    expect(
      distance(
        compare(arm, other, { relative: false }).lower,
        compare(linearised, other, { relative: false }).lower,
      ),
    ).toBeLessThan(1e-7);
  });
});

describe('the Bayesian comparison', () => {
  it('moves from the prior to the data as users come', () => {
    const method = {
      kind: 'bayesian',
      prior: { kind: 'normal', mean: 0, variance: 0.01, unit: 'relative' },
    } as const;
    const few = compare(share(100, 40), share(100, 60), { method });
    const many = compare(share(1e6, 4e5), share(1e6, 6e5), { method });
    expect(few.effect).toBeLessThan(0.2);
    expect(many.effect).toBeCloseTo(0.5, 2);
  });

  it('agrees between a normal prior of the relative and of the absolute effect', () => {
    const relative = {
      kind: 'bayesian',
      prior: { kind: 'normal', mean: 0.1, variance: 0.01, unit: 'relative' },
    } as const;
    const absolute = {
      kind: 'bayesian',
      prior: { kind: 'normal', mean: 0.04, variance: 0.0016, unit: 'absolute' },
    } as const;
    const [a, b] = [share(100, 40), share(100, 60)];
    expect(
      distance(compare(a, b, { method: relative }).lower, compare(a, b, { method: absolute }).lower),
    ).toBeLessThan(1e-7);
  });

  it('counts a gain as one where the control mean is negative', () => {
    const result = compare(mean(100, -500, 2700), mean(100, -400, 1800), { method: bayesian });
    expect(result.evidence.kind === 'posterior' && result.evidence.chanceToWin).toBeGreaterThan(0.99);
  });
});

function betaMethod(
  control: { alpha: number; beta: number },
  treatment: { alpha: number; beta: number },
): ComparisonMethod {
  return { kind: 'bayesian', prior: { kind: 'beta', control, treatment } };
}

/** Two arms of users with values between 0 and 100, of which not all are alike. */
const values = fc
  .array(fc.integer({ min: 1, max: 100 }), { minLength: 3, maxLength: 40 })
  .filter((each) => new Set(each).size > 1);
const arm = values.map((each) =>
  mean(
    each.length,
    each.reduce((all, x) => all + x, 0),
    each.reduce((all, x) => all + x * x, 0),
  ),
);
const arms = fc.tuple(arm, arm);

function scale(sample: ArmStatistics, factor: number): ArmStatistics {
  if (sample.kind !== 'mean') throw new Error('Means only');
  return { ...sample, sum: sample.sum * factor, sumSquares: sample.sumSquares * factor ** 2 };
}

function shift(sample: ArmStatistics, by: number): ArmStatistics {
  if (sample.kind !== 'mean') throw new Error('Means only');
  const { n, sum, sumSquares } = sample;
  return { kind: 'mean', n, sum: sum + n * by, sumSquares: sumSquares + 2 * by * sum + n * by * by };
}

function repeat(sample: ArmStatistics, times: number): ArmStatistics {
  if (sample.kind !== 'mean') throw new Error('Means only');
  return {
    kind: 'mean',
    n: sample.n * times,
    sum: sample.sum * times,
    sumSquares: sample.sumSquares * times,
  };
}

function distance(found: number, expected: number): number {
  return Math.abs(found - expected) / Math.max(1, Math.abs(expected));
}
