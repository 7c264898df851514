import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { interactionTypes } from '#platform/events/contracts.ts';
import { popularityWeights } from './interaction.ts';
import { popularityHalfLifeMs, sumPopularity } from './popularity.ts';

const touch = fc.record({
  contentId: fc.constantFrom<string[]>('a', 'b', 'c'),
  type: fc.constantFrom(...interactionTypes),
  // Within 40 half-lives, which the naive sum can still hold.
  occurredAt: fc.nat(40 * popularityHalfLifeMs).map((ms) => new Date(ms)),
});
const touches = fc.array(touch, { maxLength: 40 });

type Touch = typeof touch extends fc.Arbitrary<infer T> ? T : never;

function naiveSum(all: readonly Touch[], contentId: string): number {
  return all
    .filter((one) => one.contentId === contentId)
    .reduce((sum, { type, occurredAt }) => {
      return sum + popularityWeights[type] * 2 ** (occurredAt.getTime() / popularityHalfLifeMs);
    }, 0);
}

describe('sumPopularity', () => {
  it('is the logarithm of the plain sum, and leaves out what weighs nothing', () => {
    fc.assert(
      fc.property(touches, (all) => {
        const sums = sumPopularity(all);
        for (const contentId of ['a', 'b', 'c']) {
          const naive = naiveSum(all, contentId);
          expect(sums.has(contentId)).toBe(naive > 0);
          expect(sums.get(contentId) ?? 0).toBeCloseTo(naive > 0 ? Math.log2(naive) : 0, 9);
        }
      }),
    );
  });

  it('does not depend on the order', () => {
    fc.assert(
      fc.property(touches, (all) => {
        const turned = sumPopularity(all.toReversed());
        const sums = sumPopularity(all);
        expect(turned.size).toBe(sums.size);
        for (const [id, sum] of sums) expect(turned.get(id)).toBeCloseTo(sum, 9);
      }),
    );
  });

  it('stays finite over centuries and loses a bit per week', () => {
    const liked = (time: string): Touch => ({ contentId: 'a', type: 'LIKE', occurredAt: new Date(time) });
    const sum = sumPopularity([liked('1970-01-01T00:00:00Z'), liked('9999-01-01T00:00:00Z')]).get('a');
    expect(Number.isFinite(sum)).toBe(true);
    const [older = 0] = sumPopularity([liked('2026-01-01T00:00:00Z')]).values();
    const [newer = 0] = sumPopularity([liked('2026-01-08T00:00:00Z')]).values();
    expect(newer - older).toBeCloseTo(1, 9);
  });
});
