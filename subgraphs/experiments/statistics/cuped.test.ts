import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { compareEstimates } from './compare-arms.ts';
import { adjustmentOf, estimateAdjusted, type AdjustableStatistics } from './cuped.ts';
import { estimateArm, type ArmEstimate } from './estimate-arm.ts';
import type { Invalid } from './invalid.ts';

/** A user's metric, and its pre-period where there was one. */
type User = readonly [metric: number, prePeriod?: number | undefined];

function sumsOf(users: readonly User[]): AdjustableStatistics {
  const present = users.filter((user): user is readonly [number, number] => user[1] !== undefined);
  const sum = <T>(each: readonly T[], of: (value: T) => number): number =>
    each.reduce((all, value) => all + of(value), 0);
  return {
    kind: 'mean',
    n: users.length,
    sum: sum(users, ([metric]) => metric),
    sumSquares: sum(users, ([metric]) => metric ** 2),
    prePeriod: {
      n: present.length,
      sum: sum(present, ([, pre]) => pre),
      sumSquares: sum(present, ([, pre]) => pre ** 2),
      sumMetric: sum(present, ([metric]) => metric),
      sumProducts: sum(present, ([metric, pre]) => metric * pre),
    },
  };
}

const published = sumsOf([
  [2, 0.3],
  [1, 0.5],
  [5, 0.9],
  [3, 22],
]);

describe('CUPED', () => {
  it('has the published θ', () => {
    expect(adjustmentOf([published, published]).theta.toFixed(5)).toBe('0.01864');
  });

  it('agrees with gbstats on a confidence sequence', () => {
    const arm = (
      n: number,
      pre: readonly [number, number],
      post: readonly [number, number],
    ): AdjustableStatistics => ({
      kind: 'mean',
      n,
      sum: post[0],
      sumSquares: post[1],
      prePeriod: { n, sum: pre[0], sumSquares: pre[1], sumMetric: post[0], sumProducts: 1 },
    });
    const control = arm(3000, [16.87, 527.9767], [1396.87, 52377.9767]);
    const treatment = arm(3461, [22.7, 1348.29], [2422.7, 134698.29]);
    const result = compare(control, treatment, true);
    expect([result.effect, result.lower, result.upper].map((value) => value.toFixed(5))).toEqual([
      '0.50338',
      '-0.50969',
      '1.51646',
    ]);
  });

  it('equals the adjustment user by user, for those with and without a pre-period', () => {
    fc.assert(
      fc.property(arms, ([a, b]) => {
        const adjustment = adjustmentOf([sumsOf(a), sumsOf(b)]);
        const estimate = estimateAdjusted(sumsOf(a), adjustment);
        fc.pre(!('kind' in estimate));
        const adjusted = a.map(([metric, pre]) => {
          const presence = adjustment.thetaPresence * ((pre === undefined ? 0 : 1) - adjustment.sharePresent);
          return (
            metric - presence - (pre === undefined ? 0 : adjustment.theta * (pre - adjustment.meanPrePeriod))
          );
        });
        const mean = adjusted.reduce((all, value) => all + value, 0) / adjusted.length;
        const variance =
          adjusted.reduce((all, value) => all + (value - mean) ** 2, 0) / (adjusted.length - 1);
        expect(estimate.mean).toBeCloseTo(mean, 8);
        expect(estimate.variance).toBeCloseTo(variance, 6);
      }),
    );
  });

  it('leaves both arms together as they were in the mean, and never more spread', () => {
    fc.assert(
      fc.property(arms, ([a, b]) => {
        const both = sumsOf([...a, ...b]);
        const estimate = estimateAdjusted(both, adjustmentOf([sumsOf(a), sumsOf(b)]));
        const plain = estimateArm(both);
        fc.pre(!('kind' in estimate) && !('kind' in plain));
        expect(estimate.mean).toBeCloseTo(plain.mean, 8);
        expect(estimate.variance).toBeLessThanOrEqual(plain.variance * (1 + 1e-9));
      }),
    );
  });

  it('does not depend on the unit or the origin of the pre-period, and swaps with the arms', () => {
    const factor = fc.double({ min: 0.1, max: 10, noNaN: true });
    fc.assert(
      fc.property(arms, factor, fc.integer({ min: -20, max: 20 }), ([a, b], scale, origin) => {
        const moved = (users: readonly User[]): User[] =>
          users.map(([metric, pre]) => [metric, pre === undefined ? undefined : scale * pre + origin]);
        const effectOf = (control: readonly User[], treatment: readonly User[]) => {
          const sums = [sumsOf(control), sumsOf(treatment)] as const;
          const adjustment = adjustmentOf(sums);
          return compareArmsOf(estimateAdjusted(sums[0], adjustment), estimateAdjusted(sums[1], adjustment));
        };
        const [plain, other, swapped] = [effectOf(a, b), effectOf(moved(a), moved(b)), effectOf(b, a)];
        fc.pre(plain !== undefined && other !== undefined && swapped !== undefined);
        expect(other.lower).toBeCloseTo(plain.lower, 5);
        expect(other.upper).toBeCloseTo(plain.upper, 5);
        expect(swapped.lower).toBeCloseTo(-plain.upper, 8);
      }),
    );
  });

  it('changes nothing where nobody has a pre-period', () => {
    const users: User[] = [[1], [4], [2]];
    expect(estimateAdjusted(sumsOf(users), adjustmentOf([sumsOf(users)]))).toEqual(
      estimateArm(sumsOf(users)),
    );
  });

  it('explains what being there before explains', () => {
    // New users do 1 or 2, old ones 11 or 12, whatever they did before.
    const users: User[] = [[1], [2], [11, 5], [12, 5], [1], [2], [11, 5], [12, 5]];
    const estimate = estimateAdjusted(sumsOf(users), adjustmentOf([sumsOf(users)]));
    expect('kind' in estimate ? estimate.code : estimate.variance).toBeCloseTo(2 / 7, 10);
  });

  it('refuses sums that cannot be', () => {
    const impossible = { ...published, prePeriod: { ...published.prePeriod, sumSquares: 1 } };
    const adjustment = adjustmentOf([published]);
    expect(estimateAdjusted(impossible, adjustment)).toMatchObject({ code: 'INCONSISTENT_SUMS' });
    const moreUsers = { ...published, prePeriod: { ...published.prePeriod, n: 5 } };
    expect(estimateAdjusted(moreUsers, adjustment)).toMatchObject({ code: 'INCONSISTENT_SUMS' });
    const copy = sumsOf([
      [1, 1],
      [2, 2],
      [3, 3],
    ]);
    expect(estimateAdjusted(copy, adjustmentOf([copy]))).toMatchObject({ code: 'ZERO_VARIANCE' });
  });
});

function compareArmsOf(
  a: ArmEstimate | Invalid,
  b: ArmEstimate | Invalid,
): { lower: number; upper: number } | undefined {
  if ('kind' in a || 'kind' in b) return undefined;
  const options = { method: { kind: 'fixed-horizon' }, relative: false, alpha: 0.05 } as const;
  const result = compareEstimates(a, b, options);
  return result.kind === 'invalid' ? undefined : result;
}

function compare(
  control: AdjustableStatistics,
  treatment: AdjustableStatistics,
  relative: boolean,
): { effect: number; lower: number; upper: number } {
  const adjustment = adjustmentOf([control, treatment]);
  const [a, b] = [estimateAdjusted(control, adjustment), estimateAdjusted(treatment, adjustment)];
  if ('kind' in a || 'kind' in b) throw new Error('Not estimated');
  const result = compareEstimates(a, b, {
    method: { kind: 'sequential', tuning: 5000 },
    relative,
    alpha: 0.05,
  });
  if (result.kind === 'invalid') throw new Error(result.sentence);
  return result;
}

const user: fc.Arbitrary<User> = fc.tuple(
  fc.integer({ min: 0, max: 50 }),
  fc.option(fc.integer({ min: 0, max: 50 }), { nil: undefined }),
);
const arms = fc.tuple(
  fc.array(user, { minLength: 2, maxLength: 30 }),
  fc.array(user, { minLength: 2, maxLength: 30 }),
);
