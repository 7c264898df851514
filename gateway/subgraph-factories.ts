import cluster from 'node:cluster';
import { z } from 'zod';
import type { BatchCache } from '#platform/cache/batch-cache.ts';
import { copyFolder } from '#platform/cache/copy-folder.ts';
import { redisBatchCache } from '#platform/cache/redis-batch-cache.ts';
import type { Config, SubgraphName } from '#platform/config/config.ts';
import { remoteEmbeddingOf } from '#platform/embedder/remote-embedding.ts';
import type { Subgraph } from '#platform/graphql/subgraph.ts';
import { configuredLanguageModel } from '#platform/llm/configured-language-model.ts';
import type { OpenPlatform } from '#platform/open-platform.ts';
import { openVectorIndex } from '#platform/vectors/open-vector-index.ts';
import { createContentSubgraph } from '../subgraphs/content/index.ts';
import { createExperimentsSubgraph } from '../subgraphs/experiments/index.ts';
import {
  createFeedCaches,
  createFeedSubgraph,
  type ExplorationSettings,
  type FeedOptions,
} from '../subgraphs/feed/index.ts';
import { createMetricsSubgraph } from '../subgraphs/metrics/index.ts';
import { createPrimaryBatchCache, createPrimaryCache } from './workers/primary-cache.ts';

/** How each subgraph is made, by name. */
export const subgraphFactories: Record<SubgraphName, (platform: OpenPlatform) => Subgraph> = {
  content: (platform) => createContentSubgraph(platform, { copyFolder: copyFolder(platform.config) }),
  feed: (platform) =>
    createFeedSubgraph(platform, {
      // The next page of a feed is asked of any worker.
      caches: createFeedCaches(platform.logger, cluster.isWorker ? createPrimaryCache : undefined),
      embeddings: remoteEmbeddingOf(platform.config),
      languageModel: languageModelOf(platform),
      panel: platform.config.PANEL,
      customAgent: platform.config.CUSTOM_AGENT ?? null,
      copyFolder: copyFolder(platform.config),
      exploration: explorationOf(platform.config),
      vectors: {
        index: openVectorIndex(platform.config),
        shared: platform.config.QDRANT_URL !== undefined,
      },
    }),
  experiments: createExperimentsSubgraph,
  metrics: createMetricsSubgraph,
};

/** What the language model is put to; null where none is configured. */
function languageModelOf({
  config,
  telemetry,
  redis,
}: OpenPlatform): Exclude<FeedOptions['languageModel'], undefined> {
  const model = configuredLanguageModel(config, (call) => telemetry.languageModel.countCall(call));
  if (model === null) return null;
  return {
    model,
    agents: config.LLM_AGENTS,
    customPrompt: config.CUSTOM_PROMPT ?? null,
    scores: sharedScores(redis),
  };
}

/** Scores of agents, for all hosts or at least for all workers of this one; null where this process is alone. */
function sharedScores(redis: OpenPlatform['redis']): BatchCache<number> | null {
  const name = 'agent-scores';
  if (redis !== null) return redisBatchCache(redis, name, z.number());
  return cluster.isWorker ? createPrimaryBatchCache(name, { maxEntries: 100_000 }) : null;
}

const hourMs = 3_600_000;

function explorationOf(config: Config): Pick<ExplorationSettings, 'share' | 'rewards'> {
  const { EXPLORATION_SHARE, EXPLORATION_REWARD_HOURS, EXPLORATION_HALF_LIFE_DAYS } = config;
  return {
    share: EXPLORATION_SHARE,
    rewards: {
      windowMs: EXPLORATION_REWARD_HOURS * hourMs,
      halfLifeMs: EXPLORATION_HALF_LIFE_DAYS === 0 ? null : EXPLORATION_HALF_LIFE_DAYS * 24 * hourMs,
    },
  };
}
