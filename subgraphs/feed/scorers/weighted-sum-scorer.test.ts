import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Taste } from '../pipeline/component.ts';
import { candidateOf, queryOf } from '../test/candidates.ts';
import {
  anySimilarity,
  anyTraits,
  candidateWith,
  noTraits,
  tasteFor,
  traitFeatures,
  type Traits,
} from '../test/traits.ts';
import { scoreWeights, weightedSumScorer } from './weighted-sum-scorer.ts';

const weightSum = Object.values(scoreWeights).reduce((sum, weight) => sum + weight, 0);

/** The item's own, else its vendor's. */
const popularityOf = (given: Traits): number =>
  given.log2Popularity ?? given.vendorLog2Popularity ?? -Infinity;

/** Scores of candidates with these traits, each of a vendor of its own. */
function scoresOf(all: readonly Traits[], taste: Taste | null = tasteFor(all)): number[] {
  const candidates = all.map((given, index) => candidateWith(given, index));
  void weightedSumScorer(traitFeatures()).score(queryOf({ taste }), candidates);
  return candidates.map(({ score }) => score);
}

/** The score of what has one part alone, times the weights' sum. */
const alone = (given: Partial<Traits>, ...others: readonly Partial<Traits>[]): number =>
  (scoresOf([given, ...others].map((own) => ({ ...noTraits, ...own })))[0] ?? Number.NaN) * weightSum;

describe('weightedSumScorer', () => {
  it('stays from 0 to 1', () => {
    fc.assert(
      fc.property(fc.array(anyTraits, { maxLength: 30 }), fc.boolean(), (all, known) => {
        for (const score of scoresOf(all, known ? tasteFor(all) : null)) {
          expect(score).toBeGreaterThanOrEqual(0);
          expect(score).toBeLessThanOrEqual(1 + 1e-12);
        }
      }),
    );
  });

  const improvements: readonly [
    string,
    fc.Arbitrary<Partial<Traits>>,
    (one: Traits, two: Traits) => Partial<Traits>,
  ][] = [
    [
      'nearness',
      fc.record({ similarity: anySimilarity }),
      (a, b) => ({ similarity: Math.max(a.similarity, b.similarity) }),
    ],
    [
      "the vendor's nearness",
      fc.record({ vendorSimilarity: anySimilarity }),
      (a, b) => ({ vendorSimilarity: Math.max(a.vendorSimilarity, b.vendorSimilarity) }),
    ],
    [
      'the vectors',
      fc.record({ vectorSimilarity: fc.double({ min: -1, max: 1, noNaN: true }) }),
      (a, b) => ({ vectorSimilarity: Math.max(a.vectorSimilarity, b.vectorSimilarity) }),
    ],
    [
      'choices of the vendor',
      fc.record({ vendorChoices: fc.nat(200) }),
      (a, b) => ({ vendorChoices: Math.max(a.vendorChoices, b.vendorChoices) }),
    ],
    [
      'popularity',
      fc.record({ log2Popularity: fc.double({ min: -50, max: 4_000, noNaN: true }) }),
      (a, b) => ({ log2Popularity: Math.max(popularityOf(a), popularityOf(b)) }),
    ],
    [
      'being followed',
      fc.record({ followed: fc.boolean() }),
      (a, b) => ({ followed: a.followed || b.followed }),
    ],
    [
      "the editors' pick",
      fc.record({ editorial: fc.boolean() }),
      (a, b) => ({ editorial: a.editorial || b.editorial }),
    ],
    [
      'freshness',
      fc.record({ ageDays: fc.double({ min: -30, max: 5_000, noNaN: true }) }),
      (a, b) => ({ ageDays: Math.min(a.ageDays, b.ageDays) }),
    ],
    [
      'quality',
      fc.record({ quality: fc.double({ min: 0, max: 1, noNaN: true }) }),
      (a, b) => ({ quality: Math.max(a.quality, b.quality) }),
    ],
  ];
  it.each(improvements)('never falls with %s', (_name, changes, better) => {
    fc.assert(
      fc.property(anyTraits, changes, fc.array(anyTraits, { maxLength: 8 }), (one, change, others) => {
        const other = { ...one, ...change };
        const best = { ...one, ...better(one, other) };
        const [bestScore = 0, ...rest] = scoresOf([best, one, other, ...others]);
        expect(bestScore).toBeGreaterThanOrEqual(Math.max(rest[0] ?? 0, rest[1] ?? 0) - 1e-12);
      }),
    );
  });

  it('does not depend on the order of the candidates', () => {
    fc.assert(
      fc.property(fc.array(anyTraits, { maxLength: 30 }), (all) => {
        const taste = tasteFor(all);
        const candidates = all.map((given, index) => candidateWith(given, index));
        const turned = structuredClone(candidates).toReversed();
        for (const list of [candidates, turned]) {
          void weightedSumScorer(traitFeatures()).score(queryOf({ taste }), list);
        }
        expect(turned.toReversed().map(({ score }) => score)).toEqual(candidates.map(({ score }) => score));
      }),
    );
  });

  it('gives a candidate without facts nothing', () => {
    const candidate = { ...candidateOf('unknown'), facts: null };
    void weightedSumScorer(traitFeatures()).score(queryOf(), [candidate]);
    expect(candidate.score).toBe(0);
  });

  describe('counts each part by its weight:', () => {
    it('nearness, half of it for the 20th nearest', () => {
      const others = Array.from({ length: 30 }, (_, index) => ({
        similarity: 30 - index,
        vendorSimilarity: 60 - index,
      }));
      // With the candidate itself, which is first, the 20th of 31 has 12.
      expect(alone({ similarity: 36 }, ...others)).toBeCloseTo(
        (scoreWeights.neighbours * 36) / (36 + 12),
        12,
      );
      expect(alone({ vendorSimilarity: 84 }, ...others)).toBeCloseTo(
        (scoreWeights.vendorNeighbours * 84) / (84 + 42),
        12,
      );
      expect(alone({ similarity: 3 })).toBeCloseTo(scoreWeights.neighbours / 2, 12);
    });

    it('the cosine of the vectors, of which an obtuse one is nothing', () => {
      expect(alone({ vectorSimilarity: 0.4 })).toBeCloseTo(scoreWeights.vectors * 0.4, 12);
      expect(alone({ vectorSimilarity: -0.4 })).toBe(0);
    });

    it('the cosine of the tags, by how much they tell', () => {
      expect(alone({ tags: ['liked'] })).toBeCloseTo(scoreWeights.tags, 12);
      expect(alone({ tags: ['liked', 'rare'] })).toBeCloseTo(scoreWeights.tags / Math.sqrt(1 + 9), 12);
      expect(alone({ tags: ['liked', 'worthless'] })).toBeCloseTo(scoreWeights.tags, 12);
      expect(alone({ tags: ['rare', 'worthless'] })).toBe(0);
    });

    it('choices of the vendor, up to 15', () => {
      expect(alone({ vendorChoices: 1 })).toBeCloseTo(scoreWeights.vendor / 4, 12);
      expect(alone({ vendorChoices: 15 })).toBeCloseTo(scoreWeights.vendor, 12);
      expect(alone({ vendorChoices: 100 })).toBeCloseTo(scoreWeights.vendor, 12);
    });

    it("popularity in octaves below the most popular, or the vendor's", () => {
      const top = { log2Popularity: 2_900 };
      expect(alone(top)).toBeCloseTo(scoreWeights.popularity, 12);
      expect(alone({ log2Popularity: 2_897 }, top)).toBeCloseTo(scoreWeights.popularity * 0.75, 12);
      expect(alone({ vendorLog2Popularity: 2_897 }, top)).toBeCloseTo(scoreWeights.popularity * 0.75, 12);
      expect(alone({ log2Popularity: 2_888, vendorLog2Popularity: 2_900 }, top)).toBe(0);
      expect(alone({}, top)).toBe(0);
      expect(alone({})).toBe(0);
    });

    it('followed vendors, picks, freshness and quality', () => {
      expect(alone({ followed: true })).toBeCloseTo(scoreWeights.followed, 12);
      expect(alone({ editorial: true })).toBeCloseTo(scoreWeights.editorial, 12);
      expect(alone({ ageDays: 0 })).toBeCloseTo(scoreWeights.freshness, 12);
      expect(alone({ ageDays: 28 })).toBeCloseTo(scoreWeights.freshness / 4, 12);
      expect(alone({ ageDays: -3 })).toBeCloseTo(scoreWeights.freshness, 12);
      expect(alone({ quality: 0.3 })).toBeCloseTo(scoreWeights.quality * 0.3, 12);
    });
  });
});
