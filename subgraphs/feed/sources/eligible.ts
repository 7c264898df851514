import { Prisma } from '#platform/database/generated/client.ts';
import type { FeedQuery } from '../pipeline/component.ts';

/**
 * The rules that every item of a feed must meet, as a condition on `feed.content c`: not removed, in the allowed
 * regions, what the filter asks for, not hidden, and where the query says so not acted on. Sources ask the
 * database for it, so that a narrow filter or a long history still finds its share of candidates.
 */
export function eligible(query: Pick<FeedQuery, 'subject' | 'regions' | 'filter' | 'history'>): Prisma.Sql {
  const { categories, tags, vendorIds, minQuality } = query.filter;
  const rules: Prisma.Sql[] = [Prisma.sql`c.removed_at IS NULL`];
  if (query.regions !== null) rules.push(among(Prisma.sql`c.region`, query.regions));
  if (categories.length > 0) rules.push(among(Prisma.sql`c.category`, categories));
  if (vendorIds !== null) rules.push(among(Prisma.sql`c.vendor_id`, vendorIds));
  if (tags.length > 0) rules.push(Prisma.sql`c.tags && ${[...tags]}::text[]`);
  if (minQuality > 0) rules.push(Prisma.sql`c.quality >= ${minQuality}`);
  if (query.subject !== null) {
    rules.push(Prisma.sql`NOT (c.vendor_id = ANY (${hiddenVendors(query.subject)}))`);
    rules.push(
      query.history === 'unseen'
        ? Prisma.sql`NOT EXISTS (
            SELECT FROM feed.interaction i WHERE i.user_id = ${query.subject} AND i.content_id = c.id)`
        : Prisma.sql`NOT EXISTS (
            SELECT FROM feed.interaction i
            WHERE i.user_id = ${query.subject} AND i.content_id = c.id AND i.type = 'HIDE')`,
    );
  }
  return Prisma.join(rules, ' AND ');
}

/** Whether a query asks for less than the whole catalogue, so that a source must look further for its share. */
export function isNarrowed({ regions, filter }: Pick<FeedQuery, 'regions' | 'filter'>): boolean {
  const { categories, tags, vendorIds, minQuality } = filter;
  return regions !== null || vendorIds !== null || minQuality > 0 || categories.length + tags.length > 0;
}

/** Vendors of whom the subject has hidden two items or more, as an SQL array. */
export function hiddenVendors(subject: string): Prisma.Sql {
  return Prisma.sql`ARRAY(
    SELECT h.vendor_id FROM feed.interaction h WHERE h.user_id = ${subject} AND h.type = 'HIDE'
    GROUP BY h.vendor_id HAVING count(DISTINCT h.content_id) >= 2)`;
}

/** One value is compared by `=`, by which an index also gives the order that a source asks for. */
export function among(column: Prisma.Sql, values: readonly string[]): Prisma.Sql {
  return values.length === 1
    ? Prisma.sql`${column} = ${values[0]}`
    : Prisma.sql`${column} = ANY (${[...values]}::text[])`;
}
