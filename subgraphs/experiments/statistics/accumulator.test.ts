import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { accumulate, emptyAccumulator, estimateMean, merge, type Accumulator } from './accumulator.ts';
import { winsorise } from './winsorise.ts';

type Pair = readonly [number, number];

const collect = (pairs: readonly Pair[]): Accumulator =>
  pairs.reduce((before, [x, y]) => accumulate(before, x, y), emptyAccumulator);

const value = fc.double({ min: 1, max: 1000, noNaN: true });
const pairs = fc.array(fc.tuple(value, value), { minLength: 1, maxLength: 60 });

describe('the accumulator', () => {
  it('merges to the same as all at once, in any order and split', () => {
    fc.assert(
      fc.property(pairs, fc.nat(), fc.nat(), (all, first, turn) => {
        const cut = first % (all.length + 1);
        const parts = [collect(all.slice(0, cut)), collect(all.slice(cut))] as const;
        const turned = all.map((_, index): Pair => all[(index + turn) % all.length] ?? [0, 0]);
        for (const other of [merge(...parts), merge(parts[1], parts[0]), collect(turned)]) {
          expect(differenceOf(other, collect(all), all)).toBeLessThan(1e-12);
        }
      }),
    );
  });

  it('keeps the digits of a small spread around a large mean', () => {
    const offset = 1e9;
    const spread = [0.1, 0.2, 0.3, 0.4].map((x): Pair => [offset + x, 0]);
    const estimate = estimateMean(collect(spread));
    expect('kind' in estimate ? estimate.code : estimate.variance).toBeCloseTo(1 / 60, 6);
  });

  it('has the variance of a sample, and none of one user', () => {
    expect(
      estimateMean(
        collect([
          [1, 0],
          [3, 0],
        ]),
      ),
    ).toMatchObject({ n: 2, mean: 2, variance: 2 });
    expect(estimateMean(collect([[1, 0]]))).toMatchObject({ code: 'TOO_FEW_USERS' });
    expect(estimateMean(emptyAccumulator)).toMatchObject({ code: 'TOO_FEW_USERS' });
  });
});

describe('winsorise', () => {
  it('puts what lies beyond a cap on the cap', () => {
    expect([-5, 0, 5, 50].map((each) => winsorise(each, { lower: 0, upper: 10 }))).toEqual([0, 0, 5, 10]);
    expect(winsorise(50, {})).toBe(50);
  });
});

/** The largest one, relative to the mean, and to the sums of squares of which the deviations are a part. */
function differenceOf(found: Accumulator, expected: Accumulator, all: readonly Pair[]): number {
  const size = all.reduce((sum, [x, y]) => sum + x * x + y * y, 0);
  return Math.max(
    Math.abs(found.n - expected.n),
    ...(['meanX', 'meanY'] as const).map((key) => Math.abs(found[key] / expected[key] - 1)),
    ...(['deviationsX', 'deviationsY', 'codeviations'] as const).map(
      (key) => Math.abs(found[key] - expected[key]) / size,
    ),
  );
}
