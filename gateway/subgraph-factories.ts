import type { SubgraphName } from '#platform/config/config.ts';
import type { Platform, Subgraph } from '#platform/graphql/subgraph.ts';
import { createContentSubgraph } from '../subgraphs/content/index.ts';
import { createExperimentsSubgraph } from '../subgraphs/experiments/index.ts';
import { createFeedSubgraph } from '../subgraphs/feed/index.ts';
import { createMetricsSubgraph } from '../subgraphs/metrics/index.ts';

/** How each subgraph is made, by name. */
export const subgraphFactories: Record<SubgraphName, (platform: Platform) => Subgraph> = {
  content: createContentSubgraph,
  feed: createFeedSubgraph,
  experiments: createExperimentsSubgraph,
  metrics: createMetricsSubgraph,
};
