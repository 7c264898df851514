import type { Database } from '#platform/database/database.ts';
import { contentColumns, type ContentRow } from './content-row.ts';
import { idSchema } from './entry-rules.ts';
import { isWithinBound, withinBound, type VendorBound } from './vendor-bound.ts';
import { vendorColumns, type VendorRow } from './vendor-row.ts';

/** What people did with an entry. */
export interface StatsRow {
  readonly contentId: string;
  readonly impressions: number;
  readonly views: number;
  readonly clicks: number;
  readonly likes: number;
  readonly saves: number;
  readonly inquiries: number;
}

/** Entries, and the vendors of those that there are, each once. */
export interface ReadContents {
  readonly contents: readonly (ContentRow | null)[];
  readonly vendors: readonly VendorRow[];
}

interface JoinedRow extends ContentRow {
  readonly vendorName: string;
  readonly vendorRegion: string;
  readonly vendorDescription: string | null;
  readonly vendorWebsiteUrl: string | null;
  readonly vendorVersion: number;
}

/**
 * Live entries within `bound` by id, null where there is none, and their vendors, which most who ask for entries ask for
 * next; one statement.
 */
export async function readContents(
  database: Database,
  ids: readonly string[],
  bound: VendorBound,
): Promise<ReadContents> {
  const rows = await database.read<JoinedRow>`
    SELECT ${contentColumns}, v.name AS "vendorName", v.region AS "vendorRegion",
      v.description AS "vendorDescription", v.website_url AS "vendorWebsiteUrl", v.version AS "vendorVersion"
    FROM content.content c JOIN content.vendor v ON v.id = c.vendor_id
    WHERE c.id = ANY (${storable(ids)}::text[]) AND c.deleted_at IS NULL ${withinBound(bound)}`;
  const vendors = new Map<string, VendorRow>();
  const contents = rows.map((row): ContentRow => {
    const { vendorName, vendorRegion, vendorDescription, vendorWebsiteUrl, vendorVersion, ...content } = row;
    vendors.set(content.vendorId, {
      id: content.vendorId,
      name: vendorName,
      region: vendorRegion,
      description: vendorDescription,
      websiteUrl: vendorWebsiteUrl,
      version: vendorVersion,
    });
    return content;
  });
  return { contents: inOrder(ids, contents, ({ id }) => id), vendors: [...vendors.values()] };
}

/** Vendors within `bound` by id, null where there is none; one statement. */
export async function readVendors(
  database: Database,
  ids: readonly string[],
  bound: VendorBound,
): Promise<(VendorRow | null)[]> {
  const allowed = storable(ids).filter((id) => isWithinBound(bound, id));
  const rows = await database.read<VendorRow>`
    SELECT ${vendorColumns} FROM content.vendor v WHERE v.id = ANY (${allowed}::text[])`;
  return inOrder(ids, rows, ({ id }) => id);
}

/** Statistics by the entry's id, null where there is none; one statement. */
export async function readStats({ prisma }: Database, ids: readonly string[]): Promise<(StatsRow | null)[]> {
  const rows = await prisma.contentStats.findMany({
    where: { contentId: { in: [...ids] } },
    select: {
      contentId: true,
      impressions: true,
      views: true,
      clicks: true,
      likes: true,
      saves: true,
      inquiries: true,
    },
  });
  return inOrder(ids, rows, ({ contentId }) => contentId);
}

/** PostgreSQL refuses text with NUL, which a reference from elsewhere may hold. */
function storable(ids: readonly string[]): string[] {
  return ids.filter((id) => idSchema.safeParse(id).success);
}

/** The rows in the order of `keys`, null where there is none. */
export function inOrder<T>(
  keys: readonly string[],
  rows: readonly T[],
  keyOf: (row: T) => string,
): (T | null)[] {
  const byKey = new Map(rows.map((row) => [keyOf(row), row]));
  return keys.map((key) => byKey.get(key) ?? null);
}
