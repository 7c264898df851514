import type { Database } from '#platform/database/database.ts';
import { candidate, type Source } from '../pipeline/component.ts';
import type { SourceOptions } from './collaborative-source.ts';
import { eligible } from './eligible.ts';

/** The newest items of the vendors that the user follows. */
export function followedSource(database: Database, { limit, deadlineMs }: SourceOptions): Source {
  return {
    name: 'followed-source',
    deadlineMs,
    enabled: ({ taste }) => taste !== null && taste.followedVendors.length > 0,
    find: async (query) => {
      const vendors = query.taste?.followedVendors ?? [];
      const rows = await database.read<{ id: string }>`
        SELECT c.id FROM feed.content c
        WHERE c.vendor_id = ANY (${[...vendors]}::text[]) AND ${eligible(query)}
        ORDER BY c.published_at DESC, c.id
        LIMIT ${limit + query.served.size}`;
      return rows.map((row) => candidate(row.id, 'FOLLOWED'));
    },
  };
}
