import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { logAdd2, trendTerm } from './trend-score.ts';

const logs = fc.double({ min: -2000, max: 2000, noNaN: true });
const week = 7 * 86_400_000;

describe('logAdd2', () => {
  it('adds what the logarithms stand for', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
        fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
        (a, b) => {
          expect(logAdd2(Math.log2(a), Math.log2(b))).toBeCloseTo(Math.log2(a + b), 9);
        },
      ),
    );
  });

  it('is commutative, finite and at least the larger one, however far apart they are', () => {
    fc.assert(
      fc.property(logs, logs, (a, b) => {
        const sum = logAdd2(a, b);
        expect(sum).toBe(logAdd2(b, a));
        expect(Number.isFinite(sum)).toBe(true);
        expect(sum).toBeGreaterThanOrEqual(Math.max(a, b));
      }),
    );
  });

  it('takes null for nothing', () => {
    expect(logAdd2(null, null)).toBeNull();
    expect(logAdd2(3, null)).toBe(3);
    expect(logAdd2(null, 3)).toBe(3);
  });
});

describe('trendTerm', () => {
  it('halves in a week', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e12 }), (time) => {
        const now = trendTerm('SAVE', new Date(time)) ?? Number.NaN;
        expect(trendTerm('SAVE', new Date(time + week))).toBeCloseTo(now + 1, 9);
        expect(trendTerm('VIEW', new Date(time))).toBeCloseTo(now - Math.log2(6), 9);
      }),
    );
  });

  it('has none for what says nothing for an entry', () => {
    expect(trendTerm('IMPRESSION', new Date())).toBeNull();
    expect(trendTerm('HIDE', new Date())).toBeNull();
  });
});
