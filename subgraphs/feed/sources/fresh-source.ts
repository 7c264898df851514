import type { Database } from '#platform/database/database.ts';
import { candidate, type Source } from '../pipeline/component.ts';
import type { SourceOptions } from './collaborative-source.ts';
import { eligible, isNarrowed } from './eligible.ts';

export interface FreshOptions extends SourceOptions {
  /** Candidates at most for somebody for whom the neighbours of the history are enough to fill a feed. */
  readonly personalLimit: number;
}

/** The newest items of the allowed regions; they fill the feed of somebody of whom little is known. */
export function freshSource(database: Database, { limit, personalLimit, deadlineMs }: FreshOptions): Source {
  return {
    name: 'fresh-source',
    deadlineMs,
    enabled: () => true,
    find: async (query) => {
      const others = isNarrowed(query) ? 0 : (query.taste?.similarities?.nearest(limit).length ?? 0);
      const rows = await database.prisma.$queryRaw<{ id: string }[]>`
        SELECT c.id FROM feed.content c
        WHERE ${eligible(query)}
        ORDER BY c.published_at DESC, c.id
        LIMIT ${(others < limit ? limit : personalLimit) + query.served.size}`;
      return rows.map((row) => candidate(row.id, 'FRESH'));
    },
  };
}
