import { at } from '../learning/typed-array.ts';
import { weightedMean, type FeatureSource } from './ranking-features.ts';
import type { ScoringAgent } from './scoring-agent.ts';

const weights = { neighbours: 0.4, popularity: 0.1, editorial: 0.1, freshness: 0.05 } as const;

/**
 * Relevant and new to the user: what people of the same taste choose of vendors from whom the user has chosen little, what is
 * popular, what the editors put forward, and what is new. The weighted mean of neighbours · (1 − vendor), popularity,
 * editorial and freshness.
 */
export function discoveryAgent(featuresOf: FeatureSource): ScoringAgent {
  return {
    name: 'discovery',
    description: 'Relevant and new to the user: of vendors not chosen much yet, popular, or just published.',
    version: '1',
    kind: 'LOCAL',
    subject: 'USER',
    weight: 0.65,
    deadlineMs: 50,
    score: ({ query, candidates }) => {
      const features = featuresOf(query, candidates);
      const unknown = features.neighbours.map((value, index) => value * (1 - at(features.vendor, index)));
      const scores = weightedMean({ ...features, neighbours: unknown }, weights);
      return { scores, fallback: null, degraded: null };
    },
  };
}
