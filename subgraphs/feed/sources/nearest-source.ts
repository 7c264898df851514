import { setImmediate } from 'node:timers/promises';
import type { VectorIndex } from '#platform/vectors/vector-index.ts';
import { candidate, type Source } from '../pipeline/component.ts';
import type { SourceOptions } from './collaborative-source.ts';

/** What a search may ask for at most. */
const searchLimit = 1_000;

/** The items whose vectors are nearest to the user's, in the vector segments of the allowed regions. */
export function nearestSource(index: VectorIndex, { limit, deadlineMs }: SourceOptions): Source {
  return {
    name: 'nearest-source',
    deadlineMs,
    enabled: ({ taste }) => taste?.vector != null,
    find: async ({ taste, regions, filter, served }) => {
      if (taste?.vector == null) return [];
      // The search holds the event loop for a moment: first the other sources' statements are on their way.
      await setImmediate();
      // What was chosen lies nearest, and filters take it away again.
      const wanted = limit + served.size + taste.positives.length;
      const hits = await index.search({
        vector: taste.vector,
        limit: Math.min(searchLimit, wanted),
        regions,
        categories: filter.categories,
      });
      return hits.map(({ id }) => candidate(id, 'NEAREST'));
    },
  };
}
