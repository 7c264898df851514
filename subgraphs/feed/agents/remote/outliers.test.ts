import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OutlierJudge } from './outliers.ts';

/** A judge that has seen each residual, of an item of its own, from a local score of 0.5. */
function judgeAfter(residuals: readonly number[]): OutlierJudge {
  const judge = new OutlierJudge();
  for (const [index, residual] of residuals.entries()) judge.note(`item-${index}`, 0.5 + residual, 0.5);
  return judge;
}

const many = (residual: number, count: number): number[] => Array.from({ length: count }, () => residual);

describe('OutlierJudge', () => {
  it('knows no model before it has residuals of 200 items, and judges nothing without a local score', () => {
    const novice = judgeAfter(many(0, 199));
    expect([novice.knowsModel, novice.isOutlier(1, 0)]).toEqual([false, false]);
    const judge = judgeAfter(many(0, 200));
    expect([judge.knowsModel, judge.isOutlier(1, 0)]).toEqual([true, true]);
    expect(judge.isOutlier(1, Number.NaN)).toBe(false);
    const silent = new OutlierJudge();
    for (let index = 0; index < 500; index++) silent.note(`item-${index}`, 1, Number.NaN);
    expect(silent.knowsModel).toBe(false);
    expect(new OutlierJudge(0).knowsModel).toBe(true);
  });

  it('counts an item once, by its latest residual', () => {
    const judge = judgeAfter(many(0, 199));
    for (let round = 0; round < 50; round++) {
      for (let index = 0; index < 20; index++) judge.note(`item-${index}`, 1, 0.5);
    }
    expect(judge.knowsModel).toBe(false);
    judge.note('another', 0.5, 0.5);
    // 20 of 200 are 0.5 off, however often they came.
    expect([1, 0.55].map((remote) => judge.isOutlier(remote, 0.5))).toEqual([true, false]);
    for (let index = 0; index < 199; index++) judge.note(`item-${index}`, 1, 0.5);
    expect(judge.isOutlier(1, 0.5)).toBe(false);
  });

  it('allows three times the deviation, and 0.06 where there is hardly any', () => {
    const agreeing = judgeAfter(many(0.1, 300));
    expect([0.65, 0.55].map((remote) => agreeing.isOutlier(remote, 0.5))).toEqual([false, false]);
    expect([0.67, 0.53].map((remote) => agreeing.isOutlier(remote, 0.5))).toEqual([true, true]);
    // Half of the residuals are 0.1 from their median 0.
    const spread = judgeAfter([...many(-0.1, 100), ...many(0, 100), ...many(0.1, 100), ...many(0.2, 99)]);
    expect(spread.isOutlier(0.5 + 0.1 - 0.29, 0.5)).toBe(false);
    expect(spread.isOutlier(0.5 + 0.1 + 0.31, 0.5)).toBe(true);
  });

  it('cannot be talked into anything by less than half of its residuals', () => {
    const residual = fc.double({ min: -0.1, max: 0.1, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(residual, { minLength: 220, maxLength: 220 }),
        fc.array(fc.double({ min: 0.4, max: 0.5, noNaN: true }), { minLength: 100, maxLength: 100 }),
        (honest, hostile) => {
          const judge = judgeAfter(
            honest.flatMap((each, index) => [each, ...hostile.slice(index, index + 1)]),
          );
          // Of the honest alone MAD is at most 0.1; a share of 100 in 320 can move the quantiles, not to the hostile.
          expect(judge.isOutlier(1, 0)).toBe(true);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('puts local scores where the model would have them', () => {
    expect(judgeAfter(many(-0.2, 100)).standIn(0.5)).toBe(0.5);
    const judge = judgeAfter(many(-0.2, 300));
    judge.isOutlier(0.5, 0.5);
    expect(judge.standIn(0.5)).toBeCloseTo(0.3, 10);
    expect(judge.standIn(0.1)).toBe(0);
    expect(judge.standIn(Number.NaN)).toBeNaN();
  });

  it('follows a model that changes its ways', () => {
    const judge = judgeAfter(many(0, 300));
    expect(judge.isOutlier(0.8, 0.5)).toBe(true);
    for (let index = 0; index < 1_000; index++) judge.note(`later-${index}`, 0.8, 0.5);
    expect(judge.isOutlier(0.8, 0.5)).toBe(false);
    expect(judge.isOutlier(0.5, 0.5)).toBe(true);
  });
});
