import type { Database } from '#platform/database/database.ts';
import type { QueryHydrator } from '../pipeline/component.ts';

/** History items whose neighbours are looked up, and followed vendors, at most. */
const latest = 100;

/** Reads what the subject chose of late and whom they follow, in one statement. */
export function tasteHydrator(database: Database, { deadlineMs }: { deadlineMs: number }): QueryHydrator {
  return {
    name: 'taste-hydrator',
    deadlineMs,
    enabled: ({ subject }) => subject !== null,
    hydrate: async (query) => {
      const [row] = await database.prisma.$queryRaw<
        { positives: string[]; followed: string[]; version: number | null }[]
      >`
        SELECT
          ARRAY(
            SELECT i.content_id FROM feed.interaction i
            WHERE i.user_id = ${query.subject} AND i.type IN ('LIKE', 'SAVE', 'SHARE', 'INQUIRY')
            GROUP BY i.content_id ORDER BY max(i.occurred_at) DESC, i.content_id LIMIT ${latest}
          ) AS positives,
          ARRAY(
            SELECT f.vendor_id FROM feed.follow f
            WHERE f.user_id = ${query.subject} ORDER BY f.followed_at DESC LIMIT ${latest}
          ) AS followed,
          (SELECT m.version FROM feed.model_version m WHERE m.name = 'item-neighbours') AS version`;
      const taste = {
        positives: row?.positives ?? [],
        followedVendors: row?.followed ?? [],
        modelVersion: row?.version ?? 0,
      };
      return { ...query, taste };
    },
  };
}
