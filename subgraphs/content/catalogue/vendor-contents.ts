import { z } from 'zod';
import type { Database } from '#platform/database/database.ts';
import type { CursorCodec } from '#platform/graphql/cursor-codec.ts';
import { badUserInput } from '#platform/errors/request-error.ts';
import { contentColumns, type ContentRow } from './content-row.ts';

/** A page of one vendor's entries that is asked for; `after` is the position of the last entry seen. */
export interface VendorPageRequest {
  readonly vendorId: string;
  /** How many rows at most. */
  readonly limit: number;
  readonly after: VendorPosition | null;
}

export interface VendorPosition {
  readonly publishedAt: Date;
  readonly id: string;
}

const cursorKind = 'vendor-contents';
const cursorSchema = z.object({ vendor: z.string(), at: z.number().int(), id: z.string() });

/** The cursor of `row` among its vendor's entries. */
export function signVendorCursor(cursors: CursorCodec, row: ContentRow): string {
  return cursors.sign(cursorKind, { vendor: row.vendorId, at: row.publishedAt.getTime(), id: row.id });
}

/** @throws RequestError `BAD_USER_INPUT` for a cursor that is broken or another vendor's. */
export function openVendorCursor(cursors: CursorCodec, vendorId: string, after: string): VendorPosition {
  const { vendor, at, id } = cursors.open(cursorKind, after, cursorSchema);
  if (vendor !== vendorId) throw badUserInput("The cursor is another vendor's. Start again without `after`.");
  return { publishedAt: new Date(at), id };
}

/** Pages of vendors' entries, the newest first, in the order of the requests; one statement for all of them. */
export async function readVendorContents(
  { prisma }: Database,
  requests: readonly VendorPageRequest[],
): Promise<ContentRow[][]> {
  const rows = await prisma.$queryRaw<(ContentRow & { position: number })[]>`
    SELECT request.position::int, page.*
    FROM unnest(
      ${requests.map(({ vendorId }) => vendorId)}::text[], ${requests.map(({ limit }) => limit)}::int[],
      ${requests.map(({ after }) => after?.publishedAt ?? null)}::timestamptz[],
      ${requests.map(({ after }) => after?.id ?? null)}::text[]
    ) WITH ORDINALITY AS request (vendor_id, page_size, after_published_at, after_id, position)
    CROSS JOIN LATERAL (
      SELECT ${contentColumns} FROM content.content c
      WHERE c.vendor_id = request.vendor_id AND c.deleted_at IS NULL
        AND (
          request.after_id IS NULL OR c.published_at < request.after_published_at
          OR (c.published_at = request.after_published_at AND c.id > request.after_id)
        )
      ORDER BY c.published_at DESC, c.id
      LIMIT request.page_size
    ) page
    ORDER BY request.position, page."publishedAt" DESC, page.id`;
  const pages = requests.map((): ContentRow[] => []);
  for (const { position, ...row } of rows) pages[position - 1]?.push(row);
  return pages;
}

/** How many live entries each vendor has; one statement. */
export async function countVendorContents(
  { prisma }: Database,
  vendorIds: readonly string[],
): Promise<number[]> {
  const rows = await prisma.$queryRaw<{ vendorId: string; contents: number }[]>`
    SELECT vendor_id AS "vendorId", count(*)::int AS contents FROM content.content
    WHERE vendor_id = ANY (${[...vendorIds]}::text[]) AND deleted_at IS NULL
    GROUP BY vendor_id`;
  const counts = new Map(rows.map(({ vendorId, contents }) => [vendorId, contents]));
  return vendorIds.map((id) => counts.get(id) ?? 0);
}
