import {
  featureNames,
  weightedMean,
  type FeatureName,
  type FeatureSource,
} from '../agents/ranking-features.ts';
import { at } from '../learning/typed-array.ts';
import type { Scorer, ScorePart } from '../pipeline/component.ts';
import { reasonFinder } from '../reasons/reason-finder.ts';

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
} as const satisfies Record<FeatureName, number>;

const parts: readonly ScorePart[] = featureNames.map((name) => ({
  name,
  weight: scoreWeights[name],
  latencyMs: null,
}));

/** score = Σ weight · feature / Σ weight, over all features of agents/ranking-features.ts. */
export function weightedSumScorer(featuresOf: FeatureSource): Scorer {
  return {
    name: 'weighted-sum-scorer',
    enabled: () => true,
    score: (query, candidates) => {
      const features = featuresOf(query, candidates);
      const scores = weightedMean(features, scoreWeights);
      const reasonOf = reasonFinder(query, features, parts);
      for (const [index, candidate] of candidates.entries()) {
        const values = featureNames.map((name) => at(features[name], index));
        candidate.score = at(scores, index);
        candidate.explanation = { values, fallbacks: 0, reason: reasonOf(candidate, index, values) };
      }
      return { mode: 'SIMPLE', panelVersion: null, parts, degraded: [], cacheHits: 0, cacheMisses: 0 };
    },
  };
}
