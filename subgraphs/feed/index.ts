import DataLoader from 'dataloader';
import { withCallDeadline, type CacheStore } from '#platform/cache/cache-store.ts';
import { createMemoryCache } from '#platform/cache/memory-cache.ts';
import { boundVendorOf } from '#platform/caller/caller.ts';
import { dateTimeScalar } from '#platform/graphql/date-time.ts';
import { loadSubgraphSchema } from '#platform/graphql/load-schema.ts';
import type { Platform, Subgraph, SubgraphRequest } from '#platform/graphql/subgraph.ts';
import type { Logger } from '#platform/logging/logger.ts';
import { Refresh } from '#platform/resilience/refresh.ts';
import { createUsearchIndex } from '#platform/vectors/usearch-index.ts';
import { ConvenedPanel, type PanelObserver } from './agents/convened-panel.ts';
import { loadAgentModule, type AgentModule } from './agents/custom-agent.ts';
import { houseModule } from './agents/house-module.ts';
import { panelOf } from './agents/panel.ts';
import { describeSegment } from './agents/remote/describe-segment.ts';
import { withLanguageModel } from './agents/remote/with-language-model.ts';
import { featureSource } from './agents/ranking-features.ts';
import { feedConsumers } from './consumers.ts';
import { ExplorationPool } from './exploration/exploration-pool.ts';
import { PosteriorShelf } from './exploration/posterior-shelf.ts';
import { usualRewards } from './exploration/update-arms.ts';
import type { FeedContext } from './context.ts';
import { EditorialShelf } from './editorial/editorial-shelf.ts';
import { trendingCopy, TrendingShelf } from './fallback/trending-shelf.ts';
import { ModelShelf } from './learning/served-models.ts';
import { TrainingSchedule } from './learning/training-schedule.ts';
import type { FailureListener } from './pipeline/left-out.ts';
import { fallbackPipeline, feedPipeline, shelvedPipeline, type Deadlines } from './pipeline.ts';
import { erasureConsumer, feedCacheConsumer } from './privacy/erasure-consumers.ts';
import { ErasureSchedule } from './privacy/erasure-schedule.ts';
import { readFollowing } from './profile/follow.ts';
import { ProfileShelf } from './profile/profile-shelf.ts';
import { FeedConnection } from './resolvers/feed-connection.ts';
import { FeedEdge } from './resolvers/feed-edge.ts';
import { FeedItem } from './resolvers/feed-item.ts';
import { Mutation } from './resolvers/mutation.ts';
import { Query } from './resolvers/query.ts';
import { Ranking } from './resolvers/ranking.ts';
import { Reason } from './resolvers/reason.ts';
import { User } from './resolvers/user.ts';
import type { ExplorationSettings, FeedOptions } from './feed-options.ts';
import { FeedGeneratedLog } from './side-effects/feed-generated-log.ts';
import { SlateLog } from './side-effects/slate-log.ts';
import { FeedRanker } from './snapshot/feed-ranker.ts';
import { FeedReader } from './snapshot/feed-reader.ts';
import type { FeedCaches } from './snapshot/feed-snapshot.ts';
import { ServedEmbedder } from './vectors/served-embedder.ts';
import { TextVectorSchedule } from './vectors/text-vector-schedule.ts';
import { VectorSupply } from './vectors/vector-supply.ts';

export type { ExplorationSettings, FeedOptions };

const usualExploration: ExplorationSettings = { share: 0.3, rewards: usualRewards, uniform: Math.random };

/** A slow part is left out of the feed; without the catalogue's facts what trends is shown, since the rules need them. */
const defaultDeadlines: Deadlines = { taste: 150, source: 300, hydrator: 2_000, total: 450 };

/** Where they could not be loaded at the start; in ms. */
const modelsRetryMs = 10_000;

/** After its start a process answers before it trains, in ms. */
const firstTrainingMs = 2_000;

/** The feed subgraph: tastes, interactions, ranking and the slate log. */
export function createFeedSubgraph(
  platform: Platform,
  {
    clock = () => new Date(),
    caches = createFeedCaches(platform.logger),
    deadlines = defaultDeadlines,
    copyFolder = null,
    erasureWaitMs = 2_000,
    vectors = { index: createUsearchIndex(), shared: false },
    embeddings = null,
    panel: panelName = 'six',
    customAgent = null,
    languageModel = null,
    wrapAgent = (agent) => agent,
    exploration: givenExploration = {},
    pipelines,
  }: FeedOptions = {},
): Subgraph {
  const { database, cursors, logger, telemetry } = platform;
  const { share, rewards, uniform } = { ...usualExploration, ...givenExploration };
  const slateLog = new SlateLog(database, logger);
  const generatedLog = new FeedGeneratedLog(logger);
  const models = new ModelShelf(database);
  const firstModels = new Refresh(() => models.loadOnce(), {
    everyMs: modelsRetryMs,
    onFailure: (error) => logger.warn({ err: error }, 'models were not loaded and will be'),
  });
  const supply = new VectorSupply(database, vectors.index, logger);
  const schedule = new TrainingSchedule(database, logger, {
    firstCheckMs: firstTrainingMs,
    remote: embeddings,
    rewardWindowMs: rewards.windowMs,
    onVectors: () => supply.refill(),
  });
  const texts = new TextVectorSchedule(database, new ServedEmbedder(database, embeddings), logger);
  const erasures = new ErasureSchedule(database, logger, { clock });
  const editorial = new EditorialShelf(database);
  const featuresOf = featureSource(models);
  const modelled =
    languageModel === null
      ? null
      : withLanguageModel({
          ...languageModel,
          database,
          logger,
          metrics: telemetry.languageModel,
          describeSegment: (segment) => describeSegment(segment, models.tasteClusters),
        });
  let customModule: AgentModule = houseModule;
  const panel = new ConvenedPanel(
    panelOf(panelName, { featuresOf, forecasters: models, customModule: () => customModule }, (agent) =>
      wrapAgent(modelled?.wrap(agent) ?? agent),
    ),
    observerOf(platform),
  );
  telemetry.agents.watchBreakers(() =>
    panel.agents().map(({ agent, breaker }) => ({ agent: agent.name, breaker })),
  );
  const posteriors = new PosteriorShelf(database, logger, {
    halfLifeMs: rewards.halfLifeMs,
    clock,
    metrics: telemetry.exploration,
  });
  const exploration = { share, posteriors, uniform };
  const pool = new ExplorationPool(database, logger, uniform);
  const parts = {
    database,
    models,
    vectors: vectors.index,
    editorial,
    exploration,
    pool,
    featuresOf,
    panel,
    deadlines,
  };
  const copy = copyFolder === null ? null : trendingCopy(copyFolder, logger);
  const shelf = new TrendingShelf(database, logger, copy);
  const profiles = new ProfileShelf(platform, { deadlineMs: deadlines.taste });
  const onFailure: FailureListener = (component, error) =>
    logger.warn({ err: error, component }, 'left out of a feed');
  const ranker = new FeedRanker(
    pipelines ?? {
      personal: feedPipeline(parts),
      fallback: fallbackPipeline(parts),
      shelved: shelvedPipeline(parts, shelf),
    },
    {
      clock,
      telemetry,
      totalMs: deadlines.total,
      onFailure,
      sideEffects: [generatedLog.record],
    },
  );
  const feeds = new FeedReader({
    database,
    cursors,
    telemetry,
    caches,
    slateLog,
    ranker,
    clock,
    checkMs: deadlines.taste,
    onFailure,
  });
  return {
    name: 'feed',
    schema: loadSubgraphSchema<FeedContext>('feed', {
      DateTime: dateTimeScalar,
      Query,
      Mutation,
      User,
      FeedConnection,
      FeedEdge,
      FeedItem,
      Ranking,
      Reason,
    }),
    createContext: ({ caller, requestId }: SubgraphRequest): FeedContext => {
      const boundVendor = boundVendorOf(caller);
      return {
        caller,
        requestId,
        boundVendor,
        database,
        feeds,
        cursors,
        slateLog,
        clock,
        editorial,
        panel,
        erasureWaitMs,
        profiles: new DataLoader((subjects) => profiles.read(subjects)),
        following: new DataLoader((subjects) => readFollowing(database, subjects, boundVendor)),
      };
    },
    consumers: [
      ...feedConsumers(() => schedule.nudge(), rewards),
      erasureConsumer(() => erasures.nudge()),
      ...(vectors.shared ? [supply.sharedConsumer] : []),
    ],
    everyConsumers: [
      feedCacheConsumer(feeds, profiles),
      models.consumer,
      texts.consumer,
      ...(modelled === null ? [] : [modelled.consumer]),
      ...(vectors.shared ? [] : [supply.consumer]),
    ],
    prepare: async () => {
      if (customAgent !== null) customModule = await loadAgentModule(customAgent);
    },
    start: async () => {
      await firstModels.start();
      await Promise.all([
        shelf.start(),
        profiles.start(),
        ...(share > 0 ? [posteriors.start(), pool.start()] : []),
      ]);
      supply.start();
      schedule.start();
      texts.start();
      erasures.start();
    },
    stop: async () => {
      modelled?.stop();
      await firstModels.stop();
      await shelf.stop();
      await profiles.stop();
      await posteriors.stop();
      await pool.stop();
      await schedule.stop();
      await texts.stop();
      await supply.stop();
      await erasures.stop();
      await slateLog.stop();
      generatedLog.flush();
    },
  };
}

function observerOf({ logger, telemetry }: Platform): PanelObserver {
  return {
    heard: (agent, outcome, latencyMs) => telemetry.agents.countAnswer(agent, outcome, latencyMs),
    failed: (agent, error) => logger.warn({ err: error, agent }, 'an agent was left out of a feed'),
  };
}

/** Opens the cache that is called `name` among those of its process, or of several that share it. */
export type OpenCache = <T>(name: string, options: { maxEntries: number }) => CacheStore<T>;

/** Caches of feeds. A snapshot takes about 45 KB, and of twice as many as are asked for some 150 MB are kept at most. */
export function createFeedCaches(
  logger: Logger,
  open: OpenCache = (_name, options) => createMemoryCache(options),
): FeedCaches {
  const onFailure = (error: unknown): void => logger.warn({ err: error }, 'a cache call failed');
  return {
    snapshots: withCallDeadline(open('feed-snapshots', { maxEntries: 1_600 }), onFailure),
    current: withCallDeadline(open('feed-current', { maxEntries: 10_000 }), onFailure),
    owned: withCallDeadline(open('feed-owned', { maxEntries: 10_000 }), onFailure),
  };
}
