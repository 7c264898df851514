import type { Database } from '#platform/database/database.ts';
import { candidate, type Source } from '../pipeline/component.ts';
import { eligible } from './eligible.ts';
import { supplyLimit, type SupplyOptions } from './supply-limit.ts';

/** The newest items of the allowed regions; they fill the feed of somebody of whom little is known. */
export function freshSource(database: Database, options: SupplyOptions): Source {
  return {
    name: 'fresh-source',
    deadlineMs: options.deadlineMs,
    enabled: () => true,
    find: async (query) => {
      const rows = await database.read<{ id: string }>`
        SELECT c.id FROM feed.content c
        WHERE ${eligible(query)}
        ORDER BY c.published_at DESC, c.id
        LIMIT ${supplyLimit(query, options)}`;
      return rows.map((row) => candidate(row.id, 'FRESH'));
    },
  };
}
