import type { Database } from '#platform/database/database.ts';
import { duplicateFilter } from './filters/duplicate-filter.ts';
import { hiddenFilter } from './filters/hidden-filter.ts';
import { regionFilter } from './filters/region-filter.ts';
import { removedFilter } from './filters/removed-filter.ts';
import { requestedFilter } from './filters/requested-filter.ts';
import { seenFilter } from './filters/seen-filter.ts';
import { servedFilter } from './filters/served-filter.ts';
import { catalogueHydrator } from './hydrators/catalogue-hydrator.ts';
import { tasteHydrator } from './hydrators/taste-hydrator.ts';
import type { Pipeline } from './pipeline/component.ts';
import { snapshotSize } from './snapshot/feed-snapshot.ts';
import { weightedSumScorer } from './scorers/weighted-sum-scorer.ts';
import { vendorCapSelector } from './selectors/vendor-cap-selector.ts';
import { collaborativeSource } from './sources/collaborative-source.ts';
import { followedSource } from './sources/followed-source.ts';
import { freshSource } from './sources/fresh-source.ts';
import { trendingSource } from './sources/trending-source.ts';

/** How long each stage may take, in ms; together they stay inside a feed's 450 ms. */
export interface Deadlines {
  readonly taste: number;
  readonly source: number;
  readonly hydrator: number;
}

/** The personal feed. A source that is named earlier gives its name to an item that several find. */
export function feedPipeline(database: Database, deadlines: Deadlines): Pipeline {
  const source = (limit: number) => ({ limit, deadlineMs: deadlines.source });
  return {
    queryHydrators: [tasteHydrator(database, { deadlineMs: deadlines.taste })],
    sources: [
      collaborativeSource(database, source(240)),
      followedSource(database, source(60)),
      trendingSource(database, source(120)),
      freshSource(database, source(snapshotSize)),
    ],
    hydrators: [catalogueHydrator(database, { deadlineMs: deadlines.hydrator })],
    filters: [
      duplicateFilter,
      servedFilter,
      removedFilter,
      regionFilter,
      hiddenFilter,
      seenFilter,
      requestedFilter,
    ],
    scorers: [weightedSumScorer],
    selectors: [vendorCapSelector({ cap: 3, window: 20 })],
  };
}

/** What is left where the personal feed has nothing: the popular and the new, seen or not. */
export function fallbackPipeline(database: Database, deadlines: Deadlines): Pipeline {
  const personal = feedPipeline(database, deadlines);
  const impersonal = new Set(['trending-source', 'fresh-source']);
  return {
    ...personal,
    queryHydrators: [],
    sources: personal.sources.filter(({ name }) => impersonal.has(name)),
  };
}
