import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSlot, shareFor } from './slot-positions.ts';

const share = fc.double({ min: 0, max: 1, noNaN: true });

describe('isSlot', () => {
  it('leaves the first three positions to the ranking', () => {
    fc.assert(
      fc.property(share, (value) => {
        expect([1, 2, 3].some((position) => isSlot(position, value))).toBe(false);
      }),
    );
  });

  it('makes slots of the share of what follows, spread evenly', () => {
    fc.assert(
      fc.property(share, fc.integer({ min: 4, max: 400 }), (value, end) => {
        const slots = Array.from({ length: end }, (_, index) => index + 1).filter((at) => isSlot(at, value));
        expect(slots.length).toBe(Math.floor((end - 3) * value));
      }),
    );
  });

  it('begins a feed of the usual share with slots at 7, 10 and 13', () => {
    expect([7, 10, 13].every((position) => isSlot(position, 0.3))).toBe(true);
    expect([4, 5, 6, 8, 9, 11, 12].some((position) => isSlot(position, 0.3))).toBe(false);
  });
});

describe('shareFor', () => {
  it('gives the whole share to wide posteriors, less to narrow ones, and none to nobody', () => {
    const wide = { alpha: 1, beta: 19 };
    const narrow = { alpha: 100, beta: 1_900 };
    expect(shareFor([wide, wide], 0.3)).toBe(0.3);
    expect(shareFor([narrow, narrow], 0.3)).toBeLessThan(0.1);
    expect(shareFor([narrow, wide], 0.3)).toBeGreaterThan(shareFor([narrow, narrow], 0.3));
    expect(shareFor([], 0.3)).toBe(0);
  });
});
