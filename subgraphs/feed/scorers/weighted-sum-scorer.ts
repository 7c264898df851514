import type { Candidate, Scorer } from '../pipeline/component.ts';

/** Weights of the parts of a score; they add up to 1. Similarity outweighs the rest together. */
export const scoreWeights = {
  similarity: 0.8,
  followed: 0.08,
  popularity: 0.05,
  freshness: 0.04,
  quality: 0.03,
} as const;

const dayMs = 86_400_000;

/** An item loses half of its freshness in this many days. */
const freshnessHalfLifeDays = 14;

/**
 * score = 0.8·similarity + 0.08·followed + 0.05·popularity + 0.04·freshness + 0.03·quality, each part in [0, 1]:
 * similarity is relative to the candidate with the most, popularity likewise, freshness is 2^(−age / 14 days).
 */
export const weightedSumScorer: Scorer = {
  name: 'weighted-sum-scorer',
  enabled: () => true,
  score: ({ now }, candidates) => {
    const mostSimilar = greatest(candidates, ({ similarity }) => similarity);
    const mostPopular = greatest(candidates, ({ facts }) => facts?.log2Popularity ?? -Infinity);
    for (const candidate of candidates) {
      const { facts, similarity, followed } = candidate;
      candidate.score =
        scoreWeights.similarity * (mostSimilar > 0 ? similarity / mostSimilar : 0) +
        scoreWeights.followed * (followed ? 1 : 0) +
        scoreWeights.popularity * shareOf(mostPopular, facts?.log2Popularity ?? null) +
        scoreWeights.freshness * freshness(now, facts?.publishedAt ?? null) +
        scoreWeights.quality * (facts?.quality ?? 0);
    }
  },
};

function greatest(candidates: readonly Candidate[], of: (candidate: Candidate) => number): number {
  return candidates.reduce((most, candidate) => Math.max(most, of(candidate)), -Infinity);
}

function shareOf(log2Most: number, log2Weight: number | null): number {
  return log2Weight === null ? 0 : 2 ** (log2Weight - log2Most);
}

/** 1 for an item of today or of the future. */
function freshness(now: Date, publishedAt: Date | null): number {
  if (publishedAt === null) return 0;
  const ageDays = Math.max(0, now.getTime() - publishedAt.getTime()) / dayMs;
  return 2 ** (-ageDays / freshnessHalfLifeDays);
}
