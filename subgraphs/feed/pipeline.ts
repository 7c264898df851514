import type { Database } from '#platform/database/database.ts';
import type { VectorIndex } from '#platform/vectors/vector-index.ts';
import type { ConvenedPanel } from './agents/convened-panel.ts';
import type { FeatureSource } from './agents/ranking-features.ts';
import type { EditorialShelf } from './editorial/editorial-shelf.ts';
import type { ExplorationPool } from './exploration/exploration-pool.ts';
import type { TrendingShelf } from './fallback/trending-shelf.ts';
import { duplicateFilter } from './filters/duplicate-filter.ts';
import { hiddenFilter } from './filters/hidden-filter.ts';
import { regionFilter } from './filters/region-filter.ts';
import { removedFilter } from './filters/removed-filter.ts';
import { requestedFilter } from './filters/requested-filter.ts';
import { seenFilter } from './filters/seen-filter.ts';
import { servedFilter } from './filters/served-filter.ts';
import { catalogueHydrator } from './hydrators/catalogue-hydrator.ts';
import { tasteHydrator } from './hydrators/taste-hydrator.ts';
import { vectorHydrator } from './hydrators/vector-hydrator.ts';
import type { ServedModels } from './learning/served-models.ts';
import type { Pipeline } from './pipeline/component.ts';
import { panelScorer } from './scorers/panel-scorer.ts';
import { weightedSumScorer } from './scorers/weighted-sum-scorer.ts';
import { diversitySelector, type DiversityOptions } from './selectors/diversity-selector.ts';
import { explorationSelector, type Exploration } from './selectors/exploration-selector.ts';
import { snapshotSize } from './snapshot/feed-snapshot.ts';
import { collaborativeSource } from './sources/collaborative-source.ts';
import { editorialSource } from './sources/editorial-source.ts';
import { explorationSource } from './sources/exploration-source.ts';
import { followedSource } from './sources/followed-source.ts';
import { freshSource } from './sources/fresh-source.ts';
import { nearestSource } from './sources/nearest-source.ts';
import { shelfSource } from './sources/shelf-source.ts';
import { trendingSource } from './sources/trending-source.ts';

/** How long each stage may take, in ms; together they stay inside a feed's 450 ms. */
export interface Deadlines {
  readonly taste: number;
  readonly source: number;
  readonly hydrator: number;
  /** The whole of a personal ranking. */
  readonly total: number;
}

/** What pipelines are made of. */
export interface PipelineParts {
  readonly database: Database;
  readonly models: ServedModels;
  readonly vectors: VectorIndex;
  readonly editorial: EditorialShelf;
  readonly exploration: Exploration;
  readonly pool: Pick<ExplorationPool, 'draw'>;
  readonly featuresOf: FeatureSource;
  readonly panel: ConvenedPanel;
  readonly deadlines: Deadlines;
}

/** How the order of a feed is made diverse. */
export const servedDiversity = {
  lambda: 0.55,
  vendorCap: 3,
  categoryCap: 10,
  stretch: 20,
  pool: 120,
  positions: 60,
} as const satisfies DiversityOptions;

/** The personal feed. A source that is named earlier gives its name to an item that several find. */
export function feedPipeline(parts: PipelineParts): Pipeline {
  const { database, models, vectors, editorial, exploration, pool, featuresOf, panel, deadlines } = parts;
  const source = (limit: number) => ({ limit, deadlineMs: deadlines.source });
  return {
    queryHydrators: [tasteHydrator(database, models, { deadlineMs: deadlines.taste })],
    sources: [
      editorialSource(editorial, source(20)),
      collaborativeSource(database, source(240)),
      followedSource(database, source(60)),
      nearestSource(vectors, source(120)),
      trendingSource(database, { ...source(120), personalLimit: 60 }),
      freshSource(database, { ...source(snapshotSize), personalLimit: 60 }),
      explorationSource(pool, exploration, source(40)),
    ],
    hydrators: [
      catalogueHydrator(database, { deadlineMs: deadlines.hydrator }),
      vectorHydrator(vectors, { deadlineMs: deadlines.source }),
    ],
    filters: [
      duplicateFilter,
      servedFilter,
      removedFilter,
      regionFilter,
      hiddenFilter,
      seenFilter,
      requestedFilter,
    ],
    scorers: [panelScorer(panel, { featuresOf, standIn: weightedSumScorer(featuresOf) })],
    selectors: [diversitySelector(servedDiversity), explorationSelector(exploration, servedDiversity)],
  };
}

/**
 * What is left where the personal feed has nothing: the popular and the new, seen or not. Its sources may take as long as
 * a hydrator, because behind it there is only an error.
 */
export function fallbackPipeline(parts: PipelineParts): Pipeline {
  const { deadlines } = parts;
  const personal = feedPipeline({ ...parts, deadlines: { ...deadlines, source: deadlines.hydrator } });
  const impersonal = new Set(['trending-source', 'fresh-source']);
  return {
    ...personal,
    queryHydrators: [],
    // Agents know nothing of nobody's taste that the features do not say.
    scorers: [weightedSumScorer(parts.featuresOf)],
    sources: personal.sources.filter(({ name }) => impersonal.has(name)),
    selectors: [diversitySelector(servedDiversity)],
  };
}

/** What is left where the database does not answer: what trends, from memory. It waits for nothing. */
export function shelvedPipeline(
  { featuresOf }: Pick<PipelineParts, 'featuresOf'>,
  shelf: TrendingShelf,
): Pipeline {
  return {
    queryHydrators: [],
    sources: [shelfSource(shelf, { limit: snapshotSize })],
    hydrators: [],
    filters: [duplicateFilter, servedFilter, regionFilter, requestedFilter],
    scorers: [weightedSumScorer(featuresOf)],
    selectors: [diversitySelector(servedDiversity)],
  };
}
