import type { Database } from '#platform/database/database.ts';
import { candidate, type Source } from '../pipeline/component.ts';
import { eligible, isNarrowed } from './eligible.ts';

/** How many of the nearest items are looked through for those that may be shown, for each that is wanted. */
const lookThrough = { anywhere: 2, narrowed: 8 };

/**
 * Items that the people chose who chose what the user chose: the neighbours of the user's latest positives, by the sum
 * of their weights (learning/item-neighbours.ts). The sums are in memory; the database says which may be shown.
 */
export function collaborativeSource(database: Database, { limit, deadlineMs }: SourceOptions): Source {
  return {
    name: 'collaborative-source',
    deadlineMs,
    enabled: ({ taste }) => taste?.similarities != null,
    find: async (query) => {
      const wanted = limit + query.served.size;
      const nearest =
        query.taste?.similarities?.nearest(
          wanted * lookThrough[isNarrowed(query) ? 'narrowed' : 'anywhere'],
        ) ?? [];
      if (nearest.length === 0) return [];
      // Joined with an unnested list the whole catalogue would be read.
      const rows = await database.read<{ id: string }>`
        SELECT c.id FROM feed.content c
        WHERE c.id = ANY (${nearest.map(({ id }) => id)}::text[]) AND ${eligible(query)}`;
      const allowed = new Set(rows.map(({ id }) => id));
      return nearest
        .filter(({ id }) => allowed.has(id))
        .slice(0, wanted)
        .map(({ id }) => candidate(id, 'COLLABORATIVE'));
    },
  };
}

export interface SourceOptions {
  /** Candidates at most. */
  readonly limit: number;
  readonly deadlineMs: number;
}
