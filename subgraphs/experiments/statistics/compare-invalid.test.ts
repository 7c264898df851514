import { describe, expect, it } from 'vitest';
import { compareArms } from './compare-arms.ts';
import type { ComparisonOptions } from './comparison.ts';
import type { ArmStatistics } from './estimate-arm.ts';

const good: ArmStatistics = { kind: 'mean', n: 100, sum: 500, sumSquares: 2700 };
const goodShare: ArmStatistics = { kind: 'proportion', n: 100, successes: 40 };
const options: ComparisonOptions = { method: { kind: 'fixed-horizon' }, relative: true, alpha: 0.05 };

function codeOf(a: ArmStatistics, b: ArmStatistics, changed: Partial<ComparisonOptions> = {}): string {
  const result = compareArms(a, b, { ...options, ...changed });
  return result.kind === 'invalid' ? result.code : 'compared';
}

describe('compareArms with what it cannot compare', () => {
  it.each<[ArmStatistics, string]>([
    [{ ...good, n: 0 }, 'TOO_FEW_USERS'],
    [{ ...good, n: 1, sum: 5, sumSquares: 25 }, 'TOO_FEW_USERS'],
    [{ ...goodShare, n: 0, successes: 0 }, 'TOO_FEW_USERS'],
    [{ ...good, n: -3 }, 'COUNT_OUT_OF_RANGE'],
    [{ ...good, n: 10.5 }, 'COUNT_OUT_OF_RANGE'],
    [{ ...good, n: Number.NaN }, 'COUNT_OUT_OF_RANGE'],
    [{ ...good, sum: Number.NaN }, 'NOT_A_NUMBER'],
    [{ ...good, sumSquares: Number.POSITIVE_INFINITY }, 'NOT_A_NUMBER'],
    [{ ...goodShare, successes: 101 }, 'SUCCESSES_OUT_OF_RANGE'],
    [{ ...goodShare, successes: -1 }, 'SUCCESSES_OUT_OF_RANGE'],
    [{ ...good, sumSquares: 2499 }, 'INCONSISTENT_SUMS'],
    [{ ...good, sumSquares: -1 }, 'INCONSISTENT_SUMS'],
    [{ ...good, n: 2, sum: 1396.87, sumSquares: 52377.9767 }, 'INCONSISTENT_SUMS'],
    [{ ...good, sumSquares: 2500 }, 'ZERO_VARIANCE'],
    [{ ...goodShare, successes: 0 }, 'ZERO_VARIANCE'],
    [{ ...goodShare, successes: 100 }, 'ZERO_VARIANCE'],
    [{ ...good, sum: 1e200, sumSquares: 1e300 }, 'INCONSISTENT_SUMS'],
  ])('says of %j: %s', (bad, code) => {
    expect(codeOf(bad, good)).toBe(code);
    expect(codeOf(good, bad)).toBe(code);
    expect(codeOf(bad, bad)).toBe(code);
  });

  it('refuses ratios without a denominator, and with impossible products', () => {
    const ratio = {
      kind: 'ratio',
      n: 10,
      numerator: { sum: 5, sumSquares: 9 },
      denominator: { sum: 20, sumSquares: 50 },
      sumProducts: 12,
    } as const;
    expect(codeOf(ratio, ratio)).toBe('compared');
    expect(codeOf({ ...ratio, denominator: { sum: 0, sumSquares: 0 }, sumProducts: 0 }, ratio)).toBe(
      'DENOMINATOR_ZERO',
    );
    expect(codeOf({ ...ratio, sumProducts: 1000 }, ratio)).toBe('INCONSISTENT_SUMS');
  });

  it.each([0, 1, -0.1, 1.5, Number.NaN])('refuses alpha %d', (alpha) => {
    expect(codeOf(good, good, { alpha })).toBe('ALPHA_OUT_OF_RANGE');
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('refuses the tuning %d', (tuning) => {
    expect(codeOf(good, good, { method: { kind: 'sequential', tuning } })).toBe('TUNING_OUT_OF_RANGE');
  });

  it('refuses priors that are not proper, and Beta priors of means', () => {
    const normal = { kind: 'normal', mean: 0, variance: 0, unit: 'relative' } as const;
    expect(codeOf(good, good, { method: { kind: 'bayesian', prior: normal } })).toBe('PRIOR_OUT_OF_RANGE');
    const flat = { alpha: 1, beta: 1 };
    const beta = { kind: 'beta', control: flat, treatment: flat } as const;
    expect(codeOf(good, good, { method: { kind: 'bayesian', prior: beta } })).toBe('PRIOR_OUT_OF_RANGE');
    const improper = { ...beta, control: { alpha: 0, beta: 1 } };
    expect(codeOf(goodShare, goodShare, { method: { kind: 'bayesian', prior: improper } })).toBe(
      'PRIOR_OUT_OF_RANGE',
    );
  });

  it('refuses Beta posteriors that no grid reaches', () => {
    const flat = { alpha: 1, beta: 1 };
    const prior = { kind: 'beta', control: { alpha: 1e-300, beta: 1 }, treatment: flat } as const;
    const method = { kind: 'bayesian', prior } as const;
    expect(codeOf({ ...goodShare, successes: 0 }, goodShare, { method })).toBe('PRIOR_OUT_OF_RANGE');
    expect(codeOf(goodShare, goodShare, { method })).toBe('compared');
    const certain = { ...method, prior: { ...prior, control: { alpha: 1e155, beta: 1 } } };
    expect(codeOf(goodShare, goodShare, { method: certain })).toBe('OVERFLOW');
  });

  it('has no relative effect of a control mean of 0, but an absolute one', () => {
    const zero: ArmStatistics = { kind: 'mean', n: 100, sum: 0, sumSquares: 50 };
    expect(codeOf(zero, good)).toBe('CONTROL_MEAN_ZERO');
    expect(codeOf(zero, good, { relative: false })).toBe('compared');
  });

  it('gives a Beta posterior where no user of an arm did anything', () => {
    const flat = { alpha: 1, beta: 1 };
    const method = { kind: 'bayesian', prior: { kind: 'beta', control: flat, treatment: flat } } as const;
    expect(codeOf({ ...goodShare, successes: 0 }, { ...goodShare, n: 0, successes: 0 }, { method })).toBe(
      'compared',
    );
  });

  it('compares arms of a thousand million users', () => {
    const large: ArmStatistics = { kind: 'proportion', n: 1e9, successes: 2e7 };
    expect(codeOf(large, { ...large, successes: 2.001e7 })).toBe('compared');
    expect(codeOf({ kind: 'mean', n: 1e9, sum: 5e9, sumSquares: 2.6e10 }, good)).toBe('compared');
  });
});
