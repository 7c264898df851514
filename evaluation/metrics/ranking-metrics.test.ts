import { describe, expect, it } from 'vitest';
import { auc, coverageAt, ndcgAt, recallAt } from './ranking-metrics.ts';

describe('ranking metrics', () => {
  const heldOut = new Set(['a', 'b', 'c']);

  it('measures recall against what the cut can hold', () => {
    expect(recallAt(2, ['a', 'x', 'b'], heldOut)).toBe(1 / 2);
    expect(recallAt(20, ['a', 'x', 'b'], heldOut)).toBeCloseTo(2 / 3);
  });

  it('discounts later hits', () => {
    const best = 1 + 1 / Math.log2(3) + 1 / 2;
    expect(ndcgAt(20, ['a', 'b', 'c'], heldOut)).toBeCloseTo(1);
    expect(ndcgAt(20, ['x', 'a'], heldOut)).toBeCloseTo(1 / Math.log2(3) / best);
    expect(ndcgAt(1, ['x', 'a'], heldOut)).toBe(0);
  });

  it('counts pairs in the right order, half for ties, nothing for what is no candidate', () => {
    const scores = new Map([
      ['a', 3],
      ['b', 1],
      ['x', 1],
      ['y', 2],
    ]);
    expect(auc(scores, new Set(), new Set(['a']))).toBe(1);
    expect(auc(scores, new Set(), new Set(['b']))).toBeCloseTo(0.5 / 3);
    expect(auc(scores, new Set(['y']), new Set(['b']))).toBeCloseTo(0.5 / 2);
    expect(auc(scores, new Set(), new Set(['a', 'absent']))).toBe(1 / 2);
  });

  it('measures how much of the catalogue anybody is shown', () => {
    expect(
      coverageAt(
        2,
        [
          ['a', 'b', 'c'],
          ['b', 'd'],
        ],
        10,
      ),
    ).toBeCloseTo(0.3);
  });
});
