import { at } from '../learning/typed-array.ts';
import { weightedMean, type FeatureSource } from './ranking-features.ts';
import type { ScoringAgent } from './scoring-agent.ts';

const weights = {
  neighbours: 1,
  vendorNeighbours: 0.05,
  vectors: 0.1,
  tags: 0.1,
  vendor: 0.2,
  followed: 0.1,
} as const;

/** How neighbours count: all of them a little, those of the user's own tags and of vendors chosen before in full. */
const familiarity = { any: 0.2, tags: 0.4, vendor: 0.4 } as const;

/**
 * Fits the user's long-term taste: near to what was chosen by the models, the more so in tags and of vendors that the user
 * has chosen before. The weighted mean of neighbours · (0.2 + 0.4 · tags + 0.4 · vendor), the vendor's neighbours, vectors,
 * tags, vendor and followed.
 */
export function archivistAgent(featuresOf: FeatureSource): ScoringAgent {
  return {
    name: 'archivist',
    description: 'Fits the long-term taste: like what was chosen, of vendors chosen or followed.',
    version: '1',
    kind: 'LOCAL',
    subject: 'USER',
    weight: 1.55,
    deadlineMs: 50,
    score: ({ query, candidates }) => {
      const features = featuresOf(query, candidates);
      const { tags, vendor } = features;
      const familiar = features.neighbours.map(
        (value, index) =>
          value *
          (familiarity.any + familiarity.tags * at(tags, index) + familiarity.vendor * at(vendor, index)),
      );
      const scores = weightedMean({ ...features, neighbours: familiar }, weights);
      return { scores, fallback: null, degraded: null };
    },
  };
}
