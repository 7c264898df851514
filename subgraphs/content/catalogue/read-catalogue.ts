import type { Database } from '#platform/database/database.ts';
import { contentSelection, type ContentRow } from './content-row.ts';
import { idSchema } from './entry-rules.ts';
import { vendorSelection, type VendorRow } from './vendor-row.ts';

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

export type FacetKind = 'category' | 'region';

/** Live entries by id, null where there is none; one statement. */
export async function readContents(
  { prisma }: Database,
  ids: readonly string[],
): Promise<(ContentRow | null)[]> {
  const rows = await prisma.content.findMany({
    where: { id: { in: storable(ids) }, deletedAt: null },
    select: contentSelection,
  });
  return inOrder(ids, rows, ({ id }) => id);
}

/** Vendors by id, null where there is none; one statement. */
export async function readVendors(
  { prisma }: Database,
  ids: readonly string[],
): Promise<(VendorRow | null)[]> {
  const rows = await prisma.vendor.findMany({
    where: { id: { in: storable(ids) } },
    select: vendorSelection,
  });
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

/** Live entries per value of a facet, by value; empty values are left out. */
export async function readFacet(
  { prisma }: Database,
  kind: FacetKind,
): Promise<{ value: string; contents: number }[]> {
  return prisma.facet.findMany({
    where: { kind, contents: { gt: 0 } },
    select: { value: true, contents: true },
    orderBy: { value: 'asc' },
  });
}

/** Live entries of the given values of a facet, 0 where there is none; one statement. */
export async function countFacetValues(
  { prisma }: Database,
  kind: FacetKind,
  values: readonly string[],
): Promise<number[]> {
  const rows = await prisma.facet.findMany({ where: { kind, value: { in: [...values] } } });
  return inOrder(values, rows, ({ value }) => value).map((row) => row?.contents ?? 0);
}

/** PostgreSQL refuses text with NUL, which a reference from elsewhere may hold. */
function storable(ids: readonly string[]): string[] {
  return ids.filter((id) => idSchema.safeParse(id).success);
}

function inOrder<T>(keys: readonly string[], rows: readonly T[], keyOf: (row: T) => string): (T | null)[] {
  const byKey = new Map(rows.map((row) => [keyOf(row), row]));
  return keys.map((key) => byKey.get(key) ?? null);
}
