import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Candidate } from '../pipeline/component.ts';
import { candidateOf, queryOf } from '../test/candidates.ts';
import { start } from '../test/open-feed.ts';
import { scoreWeights, weightedSumScorer } from './weighted-sum-scorer.ts';

const dayMs = 86_400_000;
const daysOld = (days: number): Date => new Date(start.getTime() - days * dayMs);

const traits = fc.record({
  similarity: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 50, noNaN: true })),
  followed: fc.boolean(),
  log2Popularity: fc.option(fc.double({ min: -50, max: 4000, noNaN: true })),
  ageDays: fc.double({ min: -30, max: 5000, noNaN: true }),
  quality: fc.double({ min: 0, max: 1, noNaN: true }),
});

type Traits = typeof traits extends fc.Arbitrary<infer T> ? T : never;

function withTraits(
  { similarity, followed, log2Popularity, ageDays, quality }: Traits,
  id: number,
): Candidate {
  return candidateOf(
    `item-${id}`,
    { log2Popularity, quality, publishedAt: daysOld(ageDays) },
    { similarity, followed },
  );
}

function greater(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.max(a, b);
}

function scoresOf(candidates: readonly Candidate[]): number[] {
  weightedSumScorer.score(queryOf(), candidates);
  return candidates.map(({ score }) => score);
}

describe('weightedSumScorer', () => {
  it('is the formula of its parts', () => {
    const best = { similarity: 4, followed: true };
    const [whole, half, nothing] = scoresOf([
      candidateOf('whole', { quality: 1, log2Popularity: 10 }, best),
      candidateOf(
        'half',
        { quality: 0.5, log2Popularity: 9, publishedAt: daysOld(14) },
        { ...best, similarity: 2 },
      ),
      { ...candidateOf('nothing'), facts: null },
    ]);
    expect(whole).toBeCloseTo(1, 12);
    expect(half).toBeCloseTo(0.8 / 2 + 0.08 + 0.05 / 2 + 0.04 / 2 + 0.03 / 2, 12);
    expect(nothing).toBe(0);
  });

  it('has weights that add up to 1', () => {
    expect(Object.values(scoreWeights).reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
  });

  it('stays from 0 to 1', () => {
    fc.assert(
      fc.property(fc.array(traits, { maxLength: 20 }), (all) => {
        for (const score of scoresOf(all.map((own, index) => withTraits(own, index)))) {
          expect(score).toBeGreaterThanOrEqual(0);
          expect(score).toBeLessThanOrEqual(1 + 1e-12);
        }
      }),
    );
  });

  it('never puts an item below one that it matches or beats in every part', () => {
    fc.assert(
      fc.property(traits, traits, fc.array(traits, { maxLength: 8 }), (one, other, others) => {
        const better: Traits = {
          similarity: Math.max(one.similarity, other.similarity),
          followed: one.followed || other.followed,
          log2Popularity: greater(one.log2Popularity, other.log2Popularity),
          ageDays: Math.min(one.ageDays, other.ageDays),
          quality: Math.max(one.quality, other.quality),
        };
        const [best = 0, ...rest] = scoresOf(
          [better, one, other, ...others].map((own, index) => withTraits(own, index)),
        );
        expect(best).toBeGreaterThanOrEqual(Math.max(rest[0] ?? 0, rest[1] ?? 0) - 1e-12);
      }),
    );
  });

  it('lets the most similar item outweigh everything else together', () => {
    const [similar = 0, other = 1] = scoresOf([
      candidateOf('similar', { quality: 0, publishedAt: daysOld(10_000) }, { similarity: 1 }),
      candidateOf('other', { quality: 1, log2Popularity: 5 }, { followed: true }),
    ]);
    expect(similar).toBeGreaterThan(other);
  });
});
