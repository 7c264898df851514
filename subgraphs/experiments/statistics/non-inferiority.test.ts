import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeGuardrail } from './non-inferiority.ts';

describe('judgeGuardrail', () => {
  it.each([
    ['HOLDS', { lower: -0.01, upper: 0.03 }],
    ['HOLDS', { lower: -0.015, upper: -0.005 }],
    ['UNDECIDED', { lower: -0.03, upper: 0.01 }],
    ['UNDECIDED', { lower: -0.03, upper: -0.01 }],
    ['UNDECIDED', { lower: -0.02, upper: 0.01 }],
    ['VIOLATED', { lower: -0.05, upper: -0.021 }],
  ])('%s within a margin of 2 %%: %o', (state, interval) => {
    expect(judgeGuardrail(interval, { lowerIsBetter: false, margin: 0.02 })).toBe(state);
    const mirrored = { lower: -interval.upper, upper: -interval.lower };
    expect(judgeGuardrail(mirrored, { lowerIsBetter: true, margin: 0.02 })).toBe(state);
  });

  it.each([
    ['HOLDS', { lower: -0.3, upper: 0.01 }],
    ['VIOLATED', { lower: -0.3, upper: -0.01 }],
  ])('%s without a margin: %o', (state, interval) => {
    expect(judgeGuardrail(interval, { lowerIsBetter: false, margin: null })).toBe(state);
  });

  it('never gets stricter with a wider margin, nor contradicts itself with a narrower interval', () => {
    const severity = { HOLDS: 0, UNDECIDED: 1, VIOLATED: 2 };
    const share = fc.double({ min: 0.001, max: 0.5, noNaN: true });
    fc.assert(
      fc.property(
        fc.double({ min: -1, max: 1, noNaN: true }),
        share,
        share,
        share,
        (effect, width, one, other) => {
          const judge = (half: number, margin: number): keyof typeof severity =>
            judgeGuardrail({ lower: effect - half, upper: effect + half }, { lowerIsBetter: false, margin });
          const [narrow, wide] = [Math.min(one, other), Math.max(one, other)];
          expect(severity[judge(width, wide)]).toBeLessThanOrEqual(severity[judge(width, narrow)]);
          const decided = judge(wide, width);
          expect([decided, 'UNDECIDED']).toContain(decided === 'UNDECIDED' ? decided : judge(narrow, width));
        },
      ),
    );
  });
});
