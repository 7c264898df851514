import type { Database } from '#platform/database/database.ts';
import { Prisma } from '#platform/database/generated/client.ts';
import { candidate, type Source } from '../pipeline/component.ts';
import { among, eligible } from './eligible.ts';
import { supplyLimit, type SupplyOptions } from './supply-limit.ts';

/** The items of the allowed regions with the highest decayed popularity (interactions/popularity.ts). */
export function trendingSource(database: Database, options: SupplyOptions): Source {
  return {
    name: 'trending-source',
    deadlineMs: options.deadlineMs,
    enabled: () => true,
    find: async (query) => {
      // The region stands in both tables: the index that orders by weight begins with it.
      const inRegion =
        query.regions === null ? Prisma.empty : Prisma.sql`AND ${among(Prisma.sql`p.region`, query.regions)}`;
      const rows = await database.read<{ id: string }>`
        SELECT c.id FROM feed.popularity p
        JOIN feed.content c ON c.id = p.content_id
        WHERE ${eligible(query)} ${inRegion}
        ORDER BY p.log2_weight DESC, c.id
        LIMIT ${supplyLimit(query, options)}`;
      return rows.map((row) => candidate(row.id, 'TRENDING'));
    },
  };
}
