import type { Database } from '#platform/database/database.ts';
import { Prisma } from '#platform/database/generated/client.ts';
import { candidate, type Source } from '../pipeline/component.ts';
import type { SourceOptions } from './collaborative-source.ts';
import { among, eligible } from './eligible.ts';

/** The items of the allowed regions with the highest decayed popularity (interactions/popularity.ts). */
export function trendingSource(database: Database, { limit, deadlineMs }: SourceOptions): Source {
  return {
    name: 'trending-source',
    deadlineMs,
    enabled: () => true,
    find: async (query) => {
      // The region stands in both tables: the index that orders by weight begins with it.
      const inRegion =
        query.regions === null ? Prisma.empty : Prisma.sql`AND ${among(Prisma.sql`p.region`, query.regions)}`;
      const rows = await database.prisma.$queryRaw<{ id: string }[]>`
        SELECT c.id FROM feed.popularity p
        JOIN feed.content c ON c.id = p.content_id
        WHERE ${eligible(query)} ${inRegion}
        ORDER BY p.log2_weight DESC, c.id
        LIMIT ${limit + query.served.size}`;
      return rows.map((row) => candidate(row.id, 'TRENDING'));
    },
  };
}
