import cluster from 'node:cluster';
import type { SubgraphName } from '#platform/config/config.ts';
import { remoteEmbeddingOf } from '#platform/embedder/remote-embedding.ts';
import type { Subgraph } from '#platform/graphql/subgraph.ts';
import type { OpenPlatform } from '#platform/open-platform.ts';
import { openVectorIndex } from '#platform/vectors/open-vector-index.ts';
import { createContentSubgraph } from '../subgraphs/content/index.ts';
import { createExperimentsSubgraph } from '../subgraphs/experiments/index.ts';
import { createFeedCaches, createFeedSubgraph } from '../subgraphs/feed/index.ts';
import { createMetricsSubgraph } from '../subgraphs/metrics/index.ts';
import { createPrimaryCache } from './workers/primary-cache.ts';

/** How each subgraph is made, by name. */
export const subgraphFactories: Record<SubgraphName, (platform: OpenPlatform) => Subgraph> = {
  content: createContentSubgraph,
  feed: (platform) =>
    createFeedSubgraph(platform, {
      // The next page of a feed is asked of any worker.
      caches: createFeedCaches(platform.logger, cluster.isWorker ? createPrimaryCache : undefined),
      embeddings: remoteEmbeddingOf(platform.config),
      panel: platform.config.PANEL,
      customAgent: platform.config.CUSTOM_AGENT ?? null,
      vectors: {
        index: openVectorIndex(platform.config),
        shared: platform.config.QDRANT_URL !== undefined,
      },
    }),
  experiments: createExperimentsSubgraph,
  metrics: createMetricsSubgraph,
};
