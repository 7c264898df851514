import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OutlierJudge } from './outliers.ts';

/** A judge that has seen each residual, from a local score of 0.5. */
function judgeAfter(residuals: readonly number[]): OutlierJudge {
  const judge = new OutlierJudge();
  for (const residual of residuals) judge.note(0.5 + residual, 0.5);
  return judge;
}

const many = (residual: number, count: number): number[] => Array.from({ length: count }, () => residual);

describe('OutlierJudge', () => {
  it('judges nothing before 200 residuals, nor where there is no local score', () => {
    expect(judgeAfter(many(0, 199)).judge(1, 0)).toBe(false);
    expect(judgeAfter(many(0, 200)).judge(1, 0)).toBe(true);
    expect(judgeAfter(many(0, 200)).judge(1, Number.NaN)).toBe(false);
    const silent = new OutlierJudge();
    for (let index = 0; index < 500; index++) silent.note(1, Number.NaN);
    expect(silent.judge(1, 0)).toBe(false);
  });

  it('allows three times the deviation, and 0.06 where there is hardly any', () => {
    const agreeing = judgeAfter(many(0.1, 300));
    expect([0.65, 0.55].map((remote) => agreeing.judge(remote, 0.5))).toEqual([false, false]);
    expect([0.67, 0.53].map((remote) => agreeing.judge(remote, 0.5))).toEqual([true, true]);
    // Half of the residuals are 0.1 from their median 0.
    const spread = judgeAfter([...many(-0.1, 100), ...many(0, 100), ...many(0.1, 100), ...many(0.2, 99)]);
    expect(spread.judge(0.5 + 0.1 - 0.29, 0.5)).toBe(false);
    expect(spread.judge(0.5 + 0.1 + 0.31, 0.5)).toBe(true);
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
          expect(judge.judge(1, 0)).toBe(true);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('follows a model that changes its ways', () => {
    const judge = judgeAfter(many(0, 300));
    expect(judge.judge(0.8, 0.5)).toBe(true);
    for (let index = 0; index < 1_000; index++) judge.note(0.8, 0.5);
    expect(judge.judge(0.8, 0.5)).toBe(false);
    expect(judge.judge(0.5, 0.5)).toBe(true);
  });
});
