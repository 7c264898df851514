import type { VectorIndex } from '#platform/vectors/vector-index.ts';
import type { Hydrator } from '../pipeline/component.ts';

/** Ids in one search at most. */
const searchLimit = 1_000;

/** Asks the vector index how near each candidate is to the user. Without it the score does without. */
export function vectorHydrator(index: VectorIndex, { deadlineMs }: { deadlineMs: number }): Hydrator {
  return {
    name: 'vector-hydrator',
    deadlineMs,
    optional: true,
    enabled: ({ taste }) => taste?.vector != null,
    hydrate: async ({ taste }, candidates) => {
      if (taste?.vector == null) return;
      const ids = [...new Set(candidates.map(({ id }) => id))];
      const similarities = new Map<string, number>();
      for (let start = 0; start < ids.length; start += searchLimit) {
        const part = ids.slice(start, start + searchLimit);
        const hits = await index.search({
          vector: taste.vector,
          limit: part.length,
          regions: null,
          categories: [],
          ids: part,
        });
        for (const { id, similarity } of hits) similarities.set(id, similarity);
      }
      for (const candidate of candidates) candidate.vectorSimilarity = similarities.get(candidate.id) ?? 0;
    },
  };
}
