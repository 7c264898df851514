import type { Database } from '#platform/database/database.ts';
import { anyVendor } from '../learning/vendor-popularity.ts';
import { hiddenVendors } from '../sources/eligible.ts';
import { Prisma } from '#platform/database/generated/client.ts';
import type { Candidate, CatalogueFacts, Hydrator } from '../pipeline/component.ts';
import { splitTags } from '../pipeline/split-tags.ts';

/** What takes the driver long to read comes in another form. */
interface Row extends Omit<CatalogueFacts, 'tags' | 'publishedAt'> {
  readonly id: string;
  /** Slugs, joined by spaces. */
  readonly tags: string;
  /** Milliseconds since 1970. */
  readonly publishedMs: number;
}

/**
 * Reads what the projection knows of all candidates, and what the subject did with them, in one statement.
 * Removed and unknown ones are left without facts.
 */
export function catalogueHydrator(database: Database, { deadlineMs }: { deadlineMs: number }): Hydrator {
  return {
    name: 'catalogue-hydrator',
    deadlineMs,
    enabled: () => true,
    hydrate: async ({ subject }, candidates) => {
      const ids = [...new Set(candidates.map(({ id }) => id))];
      const rows = await database.read<Row>`
        SELECT c.id, c.vendor_id AS "vendorId", c.category, c.region, array_to_string(c.tags, ' ') AS tags, c.quality,
          round(1000 * date_part('epoch', c.published_at)) AS "publishedMs", p.log2_weight AS "log2Popularity",
          coalesce(
            vp.log2_weight, (SELECT log2_weight FROM feed.vendor_popularity WHERE vendor_id = ${anyVendor})
          ) AS "vendorLog2Popularity",
          ${history(subject)}
        FROM feed.content c
        LEFT JOIN feed.popularity p ON p.content_id = c.id
        LEFT JOIN feed.vendor_popularity vp ON vp.vendor_id = c.vendor_id
        WHERE c.id = ANY (${ids}::text[]) AND c.removed_at IS NULL`;
      attach(candidates, rows);
    },
  };
}

function history(subject: string | null): Prisma.Sql {
  if (subject === null) return Prisma.sql`false AS seen, false AS hidden`;
  return Prisma.sql`
    EXISTS (SELECT FROM feed.interaction i WHERE i.user_id = ${subject} AND i.content_id = c.id) AS seen,
    c.vendor_id = ANY (${hiddenVendors(subject)}) OR EXISTS (
      SELECT FROM feed.interaction i
      WHERE i.user_id = ${subject} AND i.content_id = c.id AND i.type = 'HIDE') AS hidden`;
}

function attach(candidates: readonly Candidate[], rows: readonly Row[]): void {
  const facts = new Map<string, CatalogueFacts>();
  for (const row of rows) {
    facts.set(row.id, {
      vendorId: row.vendorId,
      category: row.category,
      region: row.region,
      tags: splitTags(row.tags),
      quality: row.quality,
      publishedAt: new Date(row.publishedMs),
      log2Popularity: row.log2Popularity,
      vendorLog2Popularity: row.vendorLog2Popularity,
      seen: row.seen,
      hidden: row.hidden,
    });
  }
  for (const candidate of candidates) candidate.facts = facts.get(candidate.id) ?? null;
}
