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
      const rows = await database.read<{ id: string }>`
        SELECT c.id FROM unnest(${nearest.map(({ id }) => id)}::text[]) WITH ORDINALITY AS n (id, place)
        JOIN feed.content c ON c.id = n.id
        WHERE ${eligible(query)}
        ORDER BY n.place
        LIMIT ${wanted}`;
      return rows.map(({ id }) => candidate(id, 'COLLABORATIVE'));
    },
  };
}

export interface SourceOptions {
  /** Candidates at most. */
  readonly limit: number;
  readonly deadlineMs: number;
}
