import type { Database } from '#platform/database/database.ts';
import { candidate, type Source } from '../pipeline/component.ts';
import type { SourceOptions } from './collaborative-source.ts';
import { eligible } from './eligible.ts';

/** The newest items of the allowed regions. */
export function freshSource(database: Database, { limit, deadlineMs }: SourceOptions): Source {
  return {
    name: 'fresh-source',
    deadlineMs,
    enabled: () => true,
    find: async (query) => {
      const rows = await database.prisma.$queryRaw<{ id: string }[]>`
        SELECT c.id FROM feed.content c
        WHERE ${eligible(query)}
        ORDER BY c.published_at DESC, c.id
        LIMIT ${limit + query.served.size}`;
      return rows.map((row) => candidate(row.id, 'FRESH'));
    },
  };
}
