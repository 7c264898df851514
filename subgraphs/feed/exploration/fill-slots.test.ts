import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { candidateOf } from '../test/candidates.ts';
import { seededRandom } from '../learning/seeded-random.ts';
import { fillSlots, type SlotRules } from './fill-slots.ts';
import { drawCount, drawPosterior } from './posterior-draws.ts';
import { isSlot } from './slot-positions.ts';

const rules: SlotRules = {
  share: 0.3,
  shown: 0,
  vendorCap: 3,
  categoryCap: 10,
  stretch: 20,
  policy: 'test',
};

/** `count` candidates, of some vendors and categories in turn. */
function candidates(name: string, count: number, vendors = 40, categories = 6) {
  return Array.from({ length: count }, (_, index) =>
    candidateOf(
      `${name}-${index}`,
      { vendorId: `vendor-${(index * 7) % vendors}`, category: `category-${index % categories}` },
      { score: 1 - index / 1_000 },
    ),
  );
}

function armsOf(list: ReturnType<typeof candidates>, seed = 's') {
  return list.map((candidate, index) => ({
    candidate,
    draws: drawPosterior({ alpha: 1 + (index % 5), beta: 30 }, `${seed}${index}`),
  }));
}

describe('fillSlots', () => {
  it('keeps the length, the first three, no item twice, slots in their positions, and the order of the ranked', () => {
    fc.assert(
      fc.property(
        fc.nat(300),
        fc.integer({ min: 0, max: 120 }),
        fc.nat(80),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.nat(60),
        (seed, length, extra, share, shown) => {
          const ranked = candidates('ranked', length, 200, 200);
          const outside = candidates('outside', extra, 200, 200);
          const feed = fillSlots(
            ranked,
            armsOf([...ranked.slice(3, 20), ...outside]),
            { ...rules, share, shown, vendorCap: Infinity, categoryCap: Infinity },
            seededRandom(seed),
          );
          expect(feed).toHaveLength(length);
          expect(new Set(feed.map(({ id }) => id)).size).toBe(length);
          for (const [index, { slot, source }] of feed.entries()) {
            if (slot === null) continue;
            expect(isSlot(shown + index + 1, share)).toBe(true);
            expect(source).toBe('EXPLORATION');
            expect(slot.propensity > 0 && slot.propensity <= 1).toBe(true);
            expect(slot).toMatchObject({ samples: drawCount, policy: 'test' });
          }
          const kept = feed.flatMap(({ id, slot }) => (slot === null ? [id] : []));
          const order = new Map(ranked.map(({ id }, index) => [id, index]));
          expect(kept.map((id) => order.get(id))).toEqual(
            kept.map((id) => order.get(id)).toSorted((a, b) => (a ?? 0) - (b ?? 0)),
          );
        },
      ),
      { numRuns: 60 },
    );
  });

  it('keeps the caps of each stretch, as long as there are others', () => {
    const ranked = candidates('ranked', 100, 25, 8);
    const arms = armsOf(candidates('outside', 40, 3, 2));
    for (let seed = 0; seed < 20; seed++) {
      const feed = fillSlots(ranked, arms, rules, seededRandom(seed));
      for (const start of [0, 20, 40]) {
        const vendors = new Map<string, number>();
        for (const { facts } of feed.slice(start, start + 20)) {
          vendors.set(facts?.vendorId ?? '', (vendors.get(facts?.vendorId ?? '') ?? 0) + 1);
        }
        expect(Math.max(...vendors.values())).toBeLessThanOrEqual(3);
      }
      expect(feed.some(({ slot }) => slot !== null)).toBe(true);
    }
  });

  it('leaves the ranking as it is without arms, and without a share', () => {
    const ranked = candidates('ranked', 30, 200, 200);
    expect(fillSlots(ranked, [], rules, Math.random)).toEqual(ranked);
    expect(fillSlots(ranked, armsOf(candidates('x', 5)), { ...rules, share: 0 }, Math.random)).toEqual(
      ranked,
    );
  });

  it('logs of the first slot how often each arm gets it', () => {
    const ranked = candidates('ranked', 10, 200, 200);
    const arms = armsOf(candidates('outside', 12, 200, 200));
    const uniform = seededRandom(1);
    const seen = new Map<string, { times: number; propensity: number }>();
    const runs = 3_000;
    for (let run = 0; run < runs; run++) {
      const first = fillSlots(ranked, arms, rules, uniform).find(({ slot }) => slot !== null);
      if (first?.slot == null) throw new Error('The first slot has an arm.');
      const known = seen.get(first.id) ?? { times: 0, propensity: first.slot.propensity };
      expect(first.slot).toMatchObject({ propensity: known.propensity, arms: 12 });
      seen.set(first.id, { ...known, times: known.times + 1 });
    }
    const list = [...seen.values()];
    expect(list.reduce((sum, { propensity }) => sum + propensity, 0)).toBeCloseTo(1, 10);
    const chiSquare = list.reduce(
      (sum, { times, propensity }) => sum + (times - runs * propensity) ** 2 / (runs * propensity),
      0,
    );
    // The 99.9 % quantile with 11 degrees of freedom.
    expect(chiSquare).toBeLessThan(31.26);
  });

  it('chooses who is better more often', () => {
    const ranked = candidates('ranked', 8, 200, 200);
    const [good, bad] = candidates('outside', 2, 200, 200);
    if (good === undefined || bad === undefined) throw new Error('There are two.');
    const feed = fillSlots(
      ranked,
      [
        { candidate: bad, draws: drawPosterior({ alpha: 5, beta: 200 }, 'bad') },
        { candidate: good, draws: drawPosterior({ alpha: 40, beta: 160 }, 'good') },
      ],
      rules,
      seededRandom(2),
    );
    expect(feed.find(({ slot }) => slot !== null)?.id).toBe(good.id);
  });
});
