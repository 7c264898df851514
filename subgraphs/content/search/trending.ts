import type { Database } from '#platform/database/database.ts';
import { Prisma } from '#platform/database/generated/client.ts';
import { checkFirst } from '../catalogue/content-page.ts';
import { contentColumns, type ContentRow } from '../catalogue/content-row.ts';
import { withinBound, type VendorBound } from '../catalogue/vendor-bound.ts';
import { checkFilter, filterConditions } from './content-filter.ts';

/**
 * Returns live entries within `bound` by their trend, the highest first; those without any come after, the newest first. Each region's best
 * come off the index of its own, so that the cost does not grow with the catalogue.
 * @throws RequestError `BAD_USER_INPUT` for a broken filter or page size.
 */
export async function readTrending(
  { prisma }: Database,
  { filter, first, bound }: { filter: unknown; first: number; bound: VendorBound },
): Promise<ContentRow[]> {
  checkFirst(first);
  const checked = checkFilter(filter);
  const order = Prisma.sql`s.trend DESC NULLS LAST, s.published_at DESC, s.content_id`;
  const regions =
    checked.regions.length === 0
      ? Prisma.sql`(SELECT value FROM content.facet WHERE kind = 'region' AND contents > 0)`
      : Prisma.sql`unnest(${checked.regions}::text[])`;
  return prisma.$queryRaw<ContentRow[]>`
    SELECT ${contentColumns}
    FROM ${regions} AS region (code)
    CROSS JOIN LATERAL (
      SELECT s.content_id, s.trend, s.published_at
      FROM content.content_stats s
      JOIN content.content c ON c.id = s.content_id AND c.deleted_at IS NULL ${filterConditions(checked)}
        ${withinBound(bound)}
      WHERE s.region = region.code
      ORDER BY ${order}
      LIMIT ${first}
    ) s
    JOIN content.content c ON c.id = s.content_id
    ORDER BY ${order}
    LIMIT ${first}`;
}
