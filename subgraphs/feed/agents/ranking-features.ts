import type { ServedModels } from '../learning/served-models.ts';
import { at } from '../learning/typed-array.ts';
import type { Candidate, CatalogueFacts, FeedQuery, Taste } from '../pipeline/component.ts';

/** What is known of each candidate, 0..1; docs/reference/agents.md says how each is computed. */
export const featureNames = [
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
] as const;

export type FeatureName = (typeof featureNames)[number];

/** By name, one value for each candidate in their order. */
export type RankingFeatures = Readonly<Record<FeatureName, Float64Array>>;

/** How much tags tell. */
type TagWeights = Pick<ServedModels, 'tagWeight'>;

/** Returns the features of candidates. Those of one ranking are computed once, whoever asks. */
export type FeatureSource = (query: FeedQuery, candidates: readonly Candidate[]) => RankingFeatures;

/** Computes features by `models` and keeps them as long as somebody holds the candidates. */
export function featureSource(models: TagWeights): FeatureSource {
  const known = new WeakMap<readonly Candidate[], { query: FeedQuery; features: RankingFeatures }>();
  return (query, candidates) => {
    const kept = known.get(candidates);
    if (kept?.query === query) return kept.features;
    const features = rankingFeatures(query, candidates, models);
    known.set(candidates, { query, features });
    return features;
  };
}

/** The candidate at this place has half of what a feature can have, by sums that have no natural greatest value. */
const halfwayPlace = 20;

/** Choices of one vendor from which on more do not count: log2(1 + 15) = 4. */
const vendorOctaves = 4;

/** Doublings of popularity between nothing and everything. */
const popularityOctaves = 12;

const dayMs = 86_400_000;

/** An item loses half of its freshness in this many days. */
const freshnessHalfLifeDays = 14;

/** The features of all candidates; some are relative to the others, so these must be what a feed finds, not a few of them. */
export function rankingFeatures(
  { taste, now }: Pick<FeedQuery, 'taste' | 'now'>,
  candidates: readonly Candidate[],
  models: TagWeights,
): RankingFeatures {
  const followedVendors = new Set(taste?.followedVendors);
  const columnOf = (of: (candidate: Candidate) => number): Float64Array => {
    // `Float64Array.from` would take most of the time of a ranking's features.
    const column = new Float64Array(candidates.length);
    for (const [index, candidate] of candidates.entries()) column[index] = of(candidate);
    return column;
  };
  const ofFacts = (of: (facts: CatalogueFacts) => number): Float64Array =>
    columnOf(({ facts }) => (facts === null ? 0 : of(facts)));
  const popularity = columnOf(({ facts }) => popularityOf(facts));
  const mostPopular = popularity.reduce((most, value) => Math.max(most, value), -Infinity);
  return {
    neighbours: shares(columnOf(({ id }) => taste?.similarities?.ofItem(id) ?? 0)),
    vendorNeighbours: shares(ofFacts(({ vendorId }) => taste?.similarities?.ofVendor(vendorId) ?? 0)),
    vectors: columnOf(({ vectorSimilarity }) => Math.min(1, Math.max(0, vectorSimilarity))),
    tags: ofFacts((facts) => (taste === null ? 0 : tagCosine(taste, facts, models))),
    vendor: ofFacts(({ vendorId }) =>
      Math.min(1, Math.log2(1 + (taste?.vendors.get(vendorId) ?? 0)) / vendorOctaves),
    ),
    popularity: popularity.map((value) => octaveShare(value, mostPopular)),
    followed: ofFacts(({ vendorId }) => (followedVendors.has(vendorId) ? 1 : 0)),
    editorial: columnOf(({ source }) => (source === 'EDITORIAL' ? 1 : 0)),
    freshness: ofFacts(({ publishedAt }) => freshness(now, publishedAt)),
    quality: ofFacts(({ quality }) => quality),
  };
}

/** x / (x + m) of each value x, with m the 20th largest, which has half. Of fewer m is the largest. */
function shares(values: Float64Array): Float64Array {
  const positive = values.filter((value) => value > 0).toSorted();
  const halfway = positive.at(-halfwayPlace) ?? positive.at(-1) ?? 0;
  return values.map((value) => (value <= 0 ? 0 : value / (value + halfway)));
}

/** 0 where nobody is popular: −∞ less −∞ is no number. */
function octaveShare(log2Popularity: number, most: number): number {
  return most === -Infinity ? 0 : Math.max(0, 1 - (most - log2Popularity) / popularityOctaves);
}

/** The item's own, else its vendor's. */
function popularityOf(facts: CatalogueFacts | null): number {
  return facts?.log2Popularity ?? facts?.vendorLog2Popularity ?? -Infinity;
}

function tagCosine({ tags }: Taste, facts: CatalogueFacts, models: TagWeights): number {
  let product = 0;
  let squares = 0;
  for (const tag of facts.tags) {
    const weight = models.tagWeight(tag);
    product += (tags.weights.get(tag) ?? 0) * weight;
    squares += weight ** 2;
  }
  return product === 0 ? 0 : Math.min(1, product / Math.sqrt(squares) / tags.length);
}

/** 1 for an item of today or of the future. */
function freshness(now: Date, publishedAt: Date): number {
  const ageDays = Math.max(0, now.getTime() - publishedAt.getTime()) / dayMs;
  return 2 ** (-ageDays / freshnessHalfLifeDays);
}

/** The weighted mean of features for each candidate; weights need not add up to 1. */
export function weightedMean(
  features: RankingFeatures,
  weights: Readonly<Partial<Record<FeatureName, number>>>,
): Float64Array {
  const sums = new Float64Array(features.quality.length);
  let weightSum = 0;
  for (const name of featureNames) {
    const weight = weights[name];
    if (weight === undefined) continue;
    weightSum += weight;
    const column = features[name];
    for (let index = 0; index < sums.length; index++) {
      sums[index] = at(sums, index) + weight * at(column, index);
    }
  }
  return sums.map((sum) => sum / weightSum);
}
