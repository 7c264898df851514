import type { FeatureSource } from './ranking-features.ts';
import type { ScoringAgent } from './scoring-agent.ts';

/** The craft of the item's entry, as the catalogue measured it; the same for everybody. */
export function qualityAgent(featuresOf: FeatureSource): ScoringAgent {
  return {
    name: 'quality',
    description: "The craft of the item's entry, the same for everybody.",
    version: '1',
    kind: 'LOCAL',
    subject: 'ITEM',
    weight: 0.05,
    deadlineMs: 50,
    score: ({ query, candidates }) => ({
      scores: featuresOf(query, candidates).quality.slice(),
      fallback: null,
      degraded: null,
    }),
  };
}
