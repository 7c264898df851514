import type { ServedModels } from '../learning/served-models.ts';
import type { Candidate, CatalogueFacts, FeedQuery, Scorer, Taste } from '../pipeline/component.ts';

/** Weights of the parts of a score; the score is divided by their sum. See docs/reference/ranking.md. */
export const scoreWeights = {
  neighbours: 1,
  vendorNeighbours: 0.05,
  vectors: 0.1,
  tags: 0.1,
  vendor: 0.2,
  popularity: 0.1,
  followed: 0.1,
  editorial: 0.1,
  freshness: 0.05,
  quality: 0.02,
} as const;

type Part = keyof typeof scoreWeights;

const weightSum = Object.values(scoreWeights).reduce((sum, weight) => sum + weight, 0);

/** The candidate at this place has half of what a part can have, by sums that have no natural greatest value. */
const halfwayPlace = 20;

/** Choices of one vendor from which on more do not count: log2(1 + 15) = 4. */
const vendorOctaves = 4;

/** Doublings of popularity between nothing and everything. */
const popularityOctaves = 12;

const dayMs = 86_400_000;

/** An item loses half of its freshness in this many days. */
const freshnessHalfLifeDays = 14;

/**
 * score = Σ weight · part / Σ weight over the parts, each 0..1: nearness by the item-to-item model, of the item and of
 * its vendor's items (x / (x + m), with m the 20th largest of the candidates); cosine of the vectors; cosine of the tags,
 * weighted by how much they tell; log2(1 + choices of the vendor) / 4; popularity in octaves below the most popular
 * candidate, of the vendor where the item has none; whether the vendor is followed and the item an editor's pick;
 * freshness 2^(−age / 14 days); quality.
 */
export function weightedSumScorer(models: ServedModels): Scorer {
  return {
    name: 'weighted-sum-scorer',
    enabled: () => true,
    score: (query, candidates) => {
      const partsOf = scorerOf(query, candidates, models);
      for (const candidate of candidates) {
        const parts = partsOf(candidate);
        let sum = 0;
        for (const part of partNames) sum += scoreWeights[part] * parts[part];
        candidate.score = sum / weightSum;
      }
    },
  };
}

const partNames: readonly Part[] = [
  'neighbours',
  'vendorNeighbours',
  'vectors',
  'tags',
  'vendor',
  'popularity',
  'followed',
  'editorial',
  'freshness',
  'quality',
];

function scorerOf(
  { taste, now }: FeedQuery,
  candidates: readonly Candidate[],
  models: ServedModels,
): (candidate: Candidate) => Readonly<Record<Part, number>> {
  const followed = new Set(taste?.followedVendors);
  const ofItem = ({ id }: Candidate): number => taste?.similarities?.ofItem(id) ?? 0;
  const ofVendor = ({ facts }: Candidate): number =>
    facts === null ? 0 : (taste?.similarities?.ofVendor(facts.vendorId) ?? 0);
  const itemHalfway = halfwayOf(candidates, ofItem);
  const vendorHalfway = halfwayOf(candidates, ofVendor);
  const mostPopular = candidates.reduce((most, { facts }) => Math.max(most, popularityOf(facts)), -Infinity);
  return (candidate) => {
    const { facts, source, vectorSimilarity } = candidate;
    return {
      neighbours: share(ofItem(candidate), itemHalfway),
      vendorNeighbours: share(ofVendor(candidate), vendorHalfway),
      vectors: Math.max(0, vectorSimilarity),
      tags: taste === null || facts === null ? 0 : tagCosine(taste, facts, models),
      vendor: Math.min(1, Math.log2(1 + (taste?.vendors.get(facts?.vendorId ?? '') ?? 0)) / vendorOctaves),
      popularity: octaveShare(popularityOf(facts), mostPopular),
      followed: facts !== null && followed.has(facts.vendorId) ? 1 : 0,
      editorial: source === 'EDITORIAL' ? 1 : 0,
      freshness: freshness(now, facts?.publishedAt ?? null),
      quality: facts?.quality ?? 0,
    };
  };
}

/** The 20th largest value above 0; the largest where there are fewer; 0 where there is none. */
function halfwayOf(candidates: readonly Candidate[], of: (candidate: Candidate) => number): number {
  const values = Float64Array.from(candidates, of)
    .filter((value) => value > 0)
    .toSorted();
  return values.at(-halfwayPlace) ?? values.at(-1) ?? 0;
}

function share(value: number, halfway: number): number {
  return value <= 0 ? 0 : value / (value + halfway);
}

/** 0 where nobody is popular: −∞ less −∞ is no number. */
function octaveShare(log2Popularity: number, most: number): number {
  return most === -Infinity ? 0 : Math.max(0, 1 - (most - log2Popularity) / popularityOctaves);
}

function popularityOf(facts: CatalogueFacts | null): number {
  return facts?.log2Popularity ?? facts?.vendorLog2Popularity ?? -Infinity;
}

function tagCosine({ tags }: Taste, facts: CatalogueFacts, models: ServedModels): number {
  let product = 0;
  let squares = 0;
  for (const tag of facts.tags) {
    const weight = models.tagWeight(tag);
    product += (tags.weights.get(tag) ?? 0) * weight;
    squares += weight ** 2;
  }
  return product === 0 ? 0 : product / Math.sqrt(squares) / tags.length;
}

/** 1 for an item of today or of the future. */
function freshness(now: Date, publishedAt: Date | null): number {
  if (publishedAt === null) return 0;
  const ageDays = Math.max(0, now.getTime() - publishedAt.getTime()) / dayMs;
  return 2 ** (-ageDays / freshnessHalfLifeDays);
}
