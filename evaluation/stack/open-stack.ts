import type { Database } from '#platform/database/database.ts';
import { createLogger } from '#platform/logging/logger.ts';
import { createUsearchIndex } from '#platform/vectors/usearch-index.ts';
import { ConvenedPanel } from '../../subgraphs/feed/agents/convened-panel.ts';
import { houseModule } from '../../subgraphs/feed/agents/house-module.ts';
import { panelOf } from '../../subgraphs/feed/agents/panel.ts';
import {
  featureSource,
  weightedMean,
  type FeatureSource,
} from '../../subgraphs/feed/agents/ranking-features.ts';
import { EditorialShelf } from '../../subgraphs/feed/editorial/editorial-shelf.ts';
import { ModelShelf, type ServedModels } from '../../subgraphs/feed/learning/served-models.ts';
import { feedPipeline } from '../../subgraphs/feed/pipeline.ts';
import {
  candidate,
  type Candidate,
  type CatalogueFacts,
  type FeedQuery,
  type Pipeline,
  type Scorer,
} from '../../subgraphs/feed/pipeline/component.ts';
import { runPipeline } from '../../subgraphs/feed/pipeline/runner.ts';
import { scoreWeights } from '../../subgraphs/feed/scorers/weighted-sum-scorer.ts';
import { snapshotSize } from '../../subgraphs/feed/snapshot/feed-snapshot.ts';
import { VectorSupply } from '../../subgraphs/feed/vectors/vector-supply.ts';

/** What ranks a feed, with trained models, in this process. */
export interface Stack {
  /** The pipeline of the personal feed, as the server builds it. */
  readonly pipeline: Pipeline;
  /** What is served of models. */
  readonly models: ServedModels;
  /** The features of candidates, as the pipeline computes them. */
  readonly featuresOf: FeatureSource;
  /**
   * Ranks all of `ids` for a user by the pipeline's hydrators, filters and scorers; `onScored` hears what the scorers have
   * seen.
   */
  rank(
    userId: string,
    ids: readonly string[],
    onScored?: (query: FeedQuery, candidates: readonly Candidate[]) => void,
  ): Promise<Ranked>;
  /** Puts the first of `ranked` in the order of a feed, by the pipeline's selectors or others. */
  select(ranked: readonly Candidate[], selectors?: Pipeline['selectors']): readonly Candidate[];
  close(): Promise<void>;
}

export interface Ranked {
  /** The best first. */
  readonly ranked: readonly Candidate[];
  /** By id, the scores of the weighted sum, which stands in for the panel. */
  readonly sums: ReadonlyMap<string, number>;
}

/** Nothing is late here: what is measured is the ranking, not the time that it takes. */
export const unhurriedMs = 600_000;
const deadlines = { taste: unhurriedMs, source: unhurriedMs, hydrator: unhurriedMs, total: unhurriedMs };

/** Candidates that selectors see: what the sources of a feed find at most. */
const selectable = 800;

/** What fails is seen in what was left out. */
const ignore = (): void => undefined;

/** Loads the served models and fills a vector index, as a server does when it starts. */
export async function openStack(database: Database): Promise<Stack> {
  const models = new ModelShelf(database);
  await models.load();
  const vectors = createUsearchIndex();
  await new VectorSupply(database, vectors, createLogger('error')).refill();
  const featuresOf = featureSource(models);
  const panel = panelOf('six', {
    featuresOf,
    forecasters: models,
    customModule: () => houseModule,
  });
  const pipeline = feedPipeline({
    featuresOf,
    panel: new ConvenedPanel(panel, { heard: ignore, failed: ignore }),
    database,
    models,
    vectors,
    editorial: new EditorialShelf(database),
    // What exploration costs is measured in worlds, where it can win too: docs/exploration.md.
    exploration: { share: 0, posteriors: { current: null }, uniform: Math.random },
    pool: { draw: () => [] },
    deadlines,
  });
  const facts = new Map<string, CatalogueFacts | null>();
  return {
    pipeline,
    models,
    featuresOf,
    rank: async (userId, ids, onScored = () => undefined) => {
      await readFacts(
        pipeline,
        ids.filter((id) => !facts.has(id)),
        facts,
      );
      const sums = new Map<string, number>();
      const everything = withCandidates(pipeline, ids, facts);
      const noted = { ...everything, scorers: [sumNoter(featuresOf, sums, onScored), ...everything.scorers] };
      const query = { ...queryOf(userId), size: ids.length };
      const { ranked, degraded, scoring } = await runPipeline(noted, query, (component, error) => {
        throw new Error(`${component} failed for user ${userId}.`, { cause: error });
      });
      if (degraded.length + (scoring?.degraded.length ?? 0) > 0)
        throw new Error(`Parts of the ranking were left out for user ${userId}.`);
      if (ranked.length < ids.length) throw new Error(`Candidates were filtered out for user ${userId}.`);
      return { ranked, sums };
    },
    select: (ranked, selectors = pipeline.selectors) => {
      const query = queryOf(null);
      return selectors.reduce<readonly Candidate[]>(
        (candidates, selector) => selector.select(query, candidates, ranked),
        ranked.slice(0, selectable),
      );
    },
    close: () => vectors.close(),
  };
}

export function queryOf(subject: string | null): FeedQuery {
  return {
    subject,
    regions: null,
    filter: { categories: [], regions: [], tags: [], vendorIds: null, minQuality: 0 },
    history: 'unseen',
    served: new Set(),
    size: snapshotSize,
    now: new Date(),
    taste: null,
    segment: '*:new',
  };
}

const catalogueHydrator = 'catalogue-hydrator';

/** Reads facts of the catalogue once for everybody: what a user did with an item is left out of it, and known here. */
async function readFacts(
  { hydrators }: Pipeline,
  ids: readonly string[],
  facts: Map<string, CatalogueFacts | null>,
): Promise<void> {
  if (ids.length === 0) return;
  const hydrator = hydrators.find(({ name }) => name === catalogueHydrator);
  if (hydrator === undefined) throw new Error(`The pipeline has no ${catalogueHydrator}.`);
  const candidates = ids.map((id) => candidate(id, 'COLLABORATIVE'));
  await hydrator.hydrate(queryOf(null), candidates);
  for (const { id, facts: own } of candidates) facts.set(id, own);
}

/** Notes what the weighted sum gives each candidate, and leaves the score to others. */
function sumNoter(
  featuresOf: FeatureSource,
  sums: Map<string, number>,
  onScored: (query: FeedQuery, candidates: readonly Candidate[]) => void,
): Scorer {
  return {
    name: 'sum-noter',
    enabled: () => true,
    score: (query, candidates) => {
      const scores = weightedMean(featuresOf(query, candidates), scoreWeights);
      for (const [index, { id }] of candidates.entries()) sums.set(id, scores[index] ?? 0);
      onScored(query, candidates);
      return { mode: 'SIMPLE', panelVersion: null, parts: [], degraded: [], cacheHits: 0, cacheMisses: 0 };
    },
  };
}

/** The pipeline with all of `ids` in place of what its sources find, and without its selectors. */
function withCandidates(
  pipeline: Pipeline,
  ids: readonly string[],
  facts: ReadonlyMap<string, CatalogueFacts | null>,
): Pipeline {
  return {
    ...pipeline,
    sources: [
      {
        name: 'everything',
        deadlineMs: unhurriedMs,
        enabled: () => true,
        find: () => Promise.resolve(ids.map((id) => candidate(id, 'COLLABORATIVE'))),
      },
    ],
    hydrators: [
      {
        name: 'known-facts',
        deadlineMs: unhurriedMs,
        enabled: () => true,
        hydrate: (_query, candidates) => {
          for (const entry of candidates) entry.facts = facts.get(entry.id) ?? null;
          return Promise.resolve();
        },
      },
      ...pipeline.hydrators.filter(({ name }) => name !== catalogueHydrator),
    ],
    selectors: [],
  };
}
