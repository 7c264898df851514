import type { Database } from '#platform/database/database.ts';
import { candidate, type Source } from '../pipeline/component.ts';
import { eligible } from './eligible.ts';

/**
 * Items that the people chose who chose what the user chose: the neighbours of the user's latest positives, by
 * the sum of their weights (RP3beta, see learning/rp3beta.ts).
 */
export function collaborativeSource(database: Database, { limit, deadlineMs }: SourceOptions): Source {
  return {
    name: 'collaborative-source',
    deadlineMs,
    enabled: ({ taste }) => taste !== null && taste.modelVersion > 0 && taste.positives.length > 0,
    find: async (query) => {
      const positives = query.taste?.positives ?? [];
      const rows = await database.prisma.$queryRaw<{ id: string; similarity: number }[]>`
        SELECT c.id, n.similarity
        FROM (
          SELECT pair.id, sum(pair.score::float8) AS similarity
          FROM feed.model_version v
          JOIN feed.item_neighbours m ON m.version = v.version
          CROSS JOIN LATERAL unnest(m.neighbour_ids, m.scores) AS pair (id, score)
          WHERE v.name = 'item-neighbours' AND m.content_id = ANY (${[...positives]}::text[])
          GROUP BY pair.id
        ) n
        JOIN feed.content c ON c.id = n.id
        WHERE ${eligible(query)}
        ORDER BY n.similarity DESC, c.id
        LIMIT ${limit + query.served.size}`;
      return rows.map((row) => candidate(row.id, 'COLLABORATIVE', { similarity: row.similarity }));
    },
  };
}

export interface SourceOptions {
  /** Candidates at most. */
  readonly limit: number;
  readonly deadlineMs: number;
}
