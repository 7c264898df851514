import { at } from '../learning/typed-array.ts';
import type { FeatureSource } from './ranking-features.ts';
import type { ScoringAgent } from './scoring-agent.ts';

/** Unexpected, yet liked by people of the same taste: neighbours · (1 − tags). */
export function serendipityAgent(featuresOf: FeatureSource): ScoringAgent {
  return {
    name: 'serendipity',
    description: "Unlike the user's usual themes, yet liked by people of the same taste.",
    version: '1',
    kind: 'LOCAL',
    // By the neighbours of the user's own choices; a remote one may speak for the whole segment.
    subject: 'USER',
    weight: 0.4,
    deadlineMs: 50,
    score: ({ query, candidates }) => {
      const { neighbours, tags } = featuresOf(query, candidates);
      const scores = neighbours.map((value, index) => value * (1 - at(tags, index)));
      return { scores, fallback: null, degraded: null };
    },
  };
}
