import { describe, expect, it } from 'vitest';
import { compareArms } from './compare-arms.ts';
import type { Comparison, ComparisonMethod, ComparisonOptions } from './comparison.ts';
import type { ArmStatistics } from './estimate-arm.ts';

const share = (n: number, successes: number): ArmStatistics => ({ kind: 'proportion', n, successes });
const bayesian: ComparisonMethod = { kind: 'bayesian', prior: { kind: 'flat' } };

function compare(a: ArmStatistics, b: ArmStatistics, options: Partial<ComparisonOptions>): Comparison {
  const result = compareArms(a, b, { method: bayesian, relative: true, alpha: 0.05, ...options });
  if (result.kind === 'invalid') throw new Error(result.sentence);
  return result;
}

describe('Beta posteriors', () => {
  it('are integrated exactly', () => {
    // Of a Beta(2, 1) and a Beta(1, 1), by hand: P(Y > X) = 2/3, E max(0, X − Y) = 1/12.
    const flat = { alpha: 1, beta: 1 };
    const { evidence } = compare(share(0, 0), share(1, 1), {
      method: betaMethod(flat, flat),
      relative: false,
    });
    if (evidence.kind !== 'posterior') throw new Error('No posterior');
    expect(evidence.chanceToWin).toBeCloseTo(2 / 3, 8);
    expect(evidence.expectedLoss).toBeCloseTo(1 / 12, 8);
  });

  it('keep their digits where one arm is known far better than the other', () => {
    // By the midpoint rule on 40,000 points of the share of the control.
    const method = betaMethod({ alpha: 1, beta: 1 }, { alpha: 1, beta: 1 });
    const [many, few] = [share(483, 1), share(3, 1)];
    const absolute = compare(many, few, { method, relative: false });
    expect(endsOf(absolute)).toEqual(['0.38161', '0.06341', '0.80179']);
    const relative = compare(few, many, { method });
    expect(endsOf(relative)).toEqual(['-0.99060', '-0.99885', '-0.92766']);
  });

  it('meet the normal posterior where users are many', () => {
    const method = betaMethod({ alpha: 1, beta: 1 }, { alpha: 1, beta: 1 });
    const [a, b] = [share(1e6, 2e4), share(1e6, 2.03e4)];
    const exact = compare(a, b, { method, relative: false });
    const normal = compare(a, b, { method: bayesian, relative: false });
    expect(exact.lower / normal.lower).toBeCloseTo(1, 2);
    expect(exact.upper / normal.upper).toBeCloseTo(1, 2);
  });
});

const endsOf = ({ effect, lower, upper }: Comparison): string[] =>
  [effect, lower, upper].map((value) => value.toFixed(5));

function betaMethod(
  control: { alpha: number; beta: number },
  treatment: { alpha: number; beta: number },
): ComparisonMethod {
  return { kind: 'bayesian', prior: { kind: 'beta', control, treatment } };
}
