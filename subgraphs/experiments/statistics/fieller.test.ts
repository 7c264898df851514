import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareArms } from './compare-arms.ts';
import type { Comparison, ComparisonMethod, ComparisonOptions } from './comparison.ts';
import { studentTQuantile } from './distributions.ts';
import type { MeanStatistics } from './estimate-arm.ts';
import type { Invalid } from './invalid.ts';

const fixedHorizon: ComparisonMethod = { kind: 'fixed-horizon' };
const sequential: ComparisonMethod = { kind: 'sequential', tuning: 5000 };
const bayesian: ComparisonMethod = { kind: 'bayesian', prior: { kind: 'flat' } };

const compare = (
  control: MeanStatistics,
  treatment: MeanStatistics,
  changes: Partial<ComparisonOptions> = {},
): Comparison | Invalid =>
  compareArms(control, treatment, {
    method: fixedHorizon,
    relative: true,
    alpha: 0.05,
    relativeInterval: 'fieller',
    ...changes,
  });

function compared(...input: Parameters<typeof compare>): Comparison {
  const result = compare(...input);
  if (result.kind === 'invalid') throw new Error(result.sentence);
  return result;
}

const codeOf = (...input: Parameters<typeof compare>): string => {
  const result = compare(...input);
  return result.kind === 'invalid' ? result.code : 'compared';
};

/** An arm of `n` users by its mean and the variance of one user. */
const arm = (n: number, mean: number, variance: number): MeanStatistics => ({
  kind: 'mean',
  n,
  sum: n * mean,
  sumSquares: (n - 1) * variance + n * mean ** 2,
});
const anyArm = fc
  .tuple(
    fc.integer({ min: 100, max: 10_000 }),
    fc.double({ min: 0.5, max: 2, noNaN: true }),
    fc.double({ min: 0.1, max: 10, noNaN: true }),
  )
  .map(([n, mean, variance]) => arm(n, mean, variance));

describe("Fieller's interval of the relative effect", () => {
  it.each([
    ['weak', arm(100, 0.5, 1), arm(100, 0.75, 1), 0.5],
    ['strong', arm(100, 2, 1), arm(100, 2.2, 1), 0.1],
  ])(
    'ends where the test of that effect just rejects: a %s control mean',
    (_, control, treatment, effect) => {
      const result = compared(control, treatment);
      expect(result.effect).toBeCloseTo(effect, 12);
      for (const r of [result.lower, result.upper]) {
        const difference = (treatment.sum - (1 + r) * control.sum) / 100;
        const standardError = Math.sqrt((1 + (1 + r) ** 2) / 100);
        expect(Math.abs(difference) / standardError).toBeCloseTo(-studentTQuantile(0.025, 198), 8);
      }
      expect(result.evidence).toEqual(compared(control, treatment, { relative: false }).evidence);
    },
  );

  it('leaves out 0 exactly where the absolute test is significant', () => {
    fc.assert(
      fc.property(anyArm, anyArm, fc.constantFrom(fixedHorizon, sequential), (a, b, method) => {
        const result = compare(a, b, { method });
        const absolute = compare(a, b, { method, relative: false });
        fc.pre(result.kind === 'comparison' && absolute.kind === 'comparison');
        fc.pre(Math.min(Math.abs(absolute.lower), Math.abs(absolute.upper)) > 1e-9);
        expect(result.lower > 0 || result.upper < 0).toBe(absolute.significant);
        expect(result.significant).toBe(absolute.significant);
        expect(result.lower).toBeLessThanOrEqual(result.effect);
        expect(result.upper).toBeGreaterThanOrEqual(result.effect);
      }),
    );
  });

  it('is none where it would be unbounded, or a complement', () => {
    const [weak, good] = [arm(100, 0.1, 1), arm(100, 5, 2)];
    expect(codeOf(weak, good)).toBe('CONTROL_MEAN_UNCERTAIN');
    expect(codeOf(weak, weak)).toBe('CONTROL_MEAN_UNCERTAIN');
    expect(codeOf(weak, good, { relativeInterval: 'delta' })).toBe('compared');
    expect(codeOf(weak, good, { relative: false })).toBe('compared');
  });

  it("is the delta method's nearly, where the control mean is strong", () => {
    const [a, b] = [arm(10_000, 1, 4), arm(10_000, 1.1, 4)];
    const [fieller, delta] = [compared(a, b), compared(a, b, { relativeInterval: 'delta' })];
    expect(fieller.lower).not.toBe(delta.lower);
    expect(fieller.lower).toBeCloseTo(delta.lower, 2);
    expect(fieller.upper).toBeCloseTo(delta.upper, 2);
  });

  it('gives way to the posterior of a strong control mean, and refuses that of a weak one', () => {
    const [weak, strong, good] = [arm(100, 0.9, 1), arm(100, 1.1, 1), arm(100, 1.5, 1)];
    expect(codeOf(weak, good, { method: bayesian })).toBe('CONTROL_MEAN_UNCERTAIN');
    const posterior = compare(strong, good, { method: bayesian });
    expect(posterior).toEqual(compare(strong, good, { method: bayesian, relativeInterval: 'delta' }));
  });
});
