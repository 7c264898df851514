import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../cli/seed/random.ts';
import { estimatePolicy } from './estimate.ts';
import type { ChoiceLog, LoggedChoice } from './logged-choice.ts';
import { overlapOf, refusalsOf } from './overlap.ts';

const logOf = (choices: readonly LoggedChoice[], actions: readonly string[] | null = null): ChoiceLog => ({
  choices,
  actions,
  leftOut: new Map(),
});

const choice = fc.record({
  cluster: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
  action: fc.constantFrom('x', 'y'),
  propensity: fc.double({ min: 0.01, max: 1, noNaN: true }),
  reward: fc.constantFrom(0, 1),
});

/** A log of `count` choices between three items, by chances of 0.5, 0.3 and 0.2, for the uniform policy. */
function threeItems(seed: number, count: number): LoggedChoice[] {
  const random = new Random(seed, 1);
  const items = [
    { action: 'x', propensity: 0.5, rate: 0.1 },
    { action: 'y', propensity: 0.3, rate: 0.4 },
    { action: 'z', propensity: 0.2, rate: 0.7 },
  ];
  return Array.from({ length: count }, (_, index) => {
    const at = random.next();
    const item = items[at < 0.5 ? 0 : at < 0.8 ? 1 : 2] ?? items[0];
    if (item === undefined) throw new Error('There are three.');
    return {
      cluster: String(index),
      action: item.action,
      propensity: item.propensity,
      target: 1 / 3,
      reward: random.chance(item.rate) ? 1 : 0,
    };
  });
}

describe('estimatePolicy', () => {
  it('is the mean reward for the policy that wrote the log', () => {
    fc.assert(
      fc.property(fc.array(choice, { minLength: 1 }), (rows) => {
        const log = logOf(rows.map((row) => ({ ...row, target: row.propensity })));
        const mean = rows.reduce((sum, { reward }) => sum + reward, 0) / rows.length;
        const { ipw, snipw } = estimatePolicy(log);
        expect(ipw.value).toBeCloseTo(mean, 10);
        expect(snipw.value).toBeCloseTo(mean, 10);
      }),
    );
  });

  it('gives what can be worked out by hand', () => {
    const rows = [
      { propensity: 0.5, target: 0.25, reward: 1 },
      { propensity: 0.25, target: 0.5, reward: 0 },
      { propensity: 0.25, target: 0.25, reward: 1 },
    ].map((row, index) => ({ ...row, cluster: String(index), action: 'x' }));
    const { ipw, snipw } = estimatePolicy(logOf(rows));
    expect(ipw.value).toBeCloseTo(0.5, 12);
    expect(snipw.value).toBeCloseTo(1.5 / 3.5, 12);
    // The sample deviation of 0.5, 0 and 1, over √3.
    expect(ipw.standardError).toBeCloseTo(0.5 / Math.sqrt(3), 12);
    expect(overlapOf(rows)).toMatchObject({ effectiveSampleSize: 3.5 ** 2 / 5.25, largestWeight: 2 });
  });

  it('covers what the uniform policy would have, by all three, about as often as it says', () => {
    const truth = (0.1 + 0.4 + 0.7) / 3;
    const covered = { ipw: 0, snipw: 0, doublyRobust: 0 };
    const runs = 300;
    for (let seed = 0; seed < runs; seed++) {
      const estimates = estimatePolicy(logOf(threeItems(seed, 300), ['x', 'y', 'z']));
      for (const name of ['ipw', 'snipw', 'doublyRobust'] as const) {
        const { low, high } = estimates[name];
        if (low <= truth && truth <= high) covered[name]++;
      }
    }
    // 95 % less and more four standard errors.
    for (const times of Object.values(covered)) {
      expect(times / runs).toBeGreaterThan(0.9);
      expect(times / runs).toBeLessThanOrEqual(1);
    }
  });

  it('is surer with a model of rewards by item', () => {
    const choices = threeItems(5, 2_000);
    const { ipw, doublyRobust } = estimatePolicy(logOf(choices, ['x', 'y', 'z']));
    expect(doublyRobust.standardError).toBeLessThan(ipw.standardError);
  });

  it('is less sure of choices that hang together', () => {
    const apart = threeItems(6, 500);
    const together = apart.flatMap((row) => [row, row, row, row]);
    const error = (rows: readonly LoggedChoice[]): number => estimatePolicy(logOf(rows)).snipw.standardError;
    expect(error(together)).toBeCloseTo(error(apart), 6);
    expect(error(together.map((row, index) => ({ ...row, cluster: String(index) })))).toBeLessThan(
      error(apart) * 0.6,
    );
  });
});

describe('refusalsOf', () => {
  const even = (count: number, propensity: number, target: number): LoggedChoice[] =>
    Array.from({ length: count }, (_, index) => ({
      cluster: String(index),
      action: 'x',
      propensity,
      target,
      reward: 0,
    }));

  it('takes a log that the policy wrote itself', () => {
    expect(refusalsOf(overlapOf(even(200, 0.3, 0.3)))).toEqual([]);
  });

  it('refuses a log of too few choices, and one in which one choice outweighs the others', () => {
    expect(refusalsOf(overlapOf(even(99, 0.5, 0.5)))).toEqual([expect.stringContaining('99.00 of 99')]);
    const heavy = [...even(10_000, 0.5, 0.5), ...even(1, 1e-6, 0.5)];
    expect(refusalsOf(overlapOf(heavy))[0]).toContain('the largest weight is 500000.00');
  });

  it('refuses a log that never shows part of what the policy would', () => {
    // Half of what the uniform policy over two items does is never seen.
    expect(refusalsOf(overlapOf(even(5_000, 1, 0.5)))).toEqual([
      expect.stringContaining('the mean weight is 0.500'),
    ]);
  });

  it('has an effective sample of at most as many choices as there are, and never refuses equal weights', () => {
    fc.assert(
      fc.property(fc.array(choice, { minLength: 1 }), (rows) => {
        const { effectiveSampleSize, largestShare } = overlapOf(rows.map((row) => ({ ...row, target: 0.5 })));
        expect(effectiveSampleSize).toBeLessThanOrEqual(rows.length + 1e-9);
        expect(effectiveSampleSize).toBeGreaterThanOrEqual(1 - 1e-9);
        expect(largestShare).toBeGreaterThanOrEqual(1 / rows.length - 1e-9);
      }),
    );
  });
});
