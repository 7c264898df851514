import { z } from 'zod';
import type { Database } from '#platform/database/database.ts';
import type { CursorCodec } from '#platform/graphql/cursor-codec.ts';
import { checkFirst } from './content-page.ts';
import { contentColumns, type ContentRow } from './content-row.ts';
import { withinBound, type VendorBound } from './vendor-bound.ts';

/** The latest change of one entry; `content` is null once it is deleted. */
export interface Change {
  readonly cursor: string;
  readonly kind: 'UPSERTED' | 'DELETED';
  readonly contentId: string;
  readonly content: ContentRow | null;
  readonly changedAt: Date;
}

type ChangedRow = ContentRow & {
  readonly deletedAt: Date | null;
  readonly changedXid: bigint;
  readonly changedSeq: bigint;
};

const cursorKind = 'changes';
const position = z
  .string()
  .regex(/^\d{1,19}$/)
  .transform(BigInt);
const cursorSchema = z.object({ xid: position, seq: position });

/**
 * Returns what changed in the catalogue within `bound` behind `after`, at most `first` entries, each with its latest change. A later
 * transaction id can commit first, so the order is by transaction, and transactions at or above the snapshot's xmin, which
 * may still be running, wait for a later call; otherwise a reader would pass over them.
 * @throws RequestError `BAD_USER_INPUT` for a broken cursor or page size.
 */
export async function readChanges(
  database: Database,
  cursors: CursorCodec,
  { after, first, bound }: { after: string | null; first: number; bound: VendorBound },
): Promise<Change[]> {
  checkFirst(first);
  const from = after === null ? { xid: 0n, seq: 0n } : cursors.open(cursorKind, after, cursorSchema);
  const rows = await database.prisma.$queryRaw<ChangedRow[]>`
    SELECT ${contentColumns}, c.deleted_at AS "deletedAt", c.changed_xid AS "changedXid",
      c.changed_seq AS "changedSeq"
    FROM content.content c
    WHERE (c.changed_xid, c.changed_seq) > (${from.xid}, ${from.seq})
      AND c.changed_xid < (pg_snapshot_xmin(pg_current_snapshot())::text)::bigint ${withinBound(bound)}
    ORDER BY c.changed_xid, c.changed_seq
    LIMIT ${first}`;
  return rows.map(({ deletedAt, changedXid, changedSeq, ...row }) => ({
    cursor: cursors.sign(cursorKind, { xid: String(changedXid), seq: String(changedSeq) }),
    kind: deletedAt === null ? 'UPSERTED' : 'DELETED',
    contentId: row.id,
    content: deletedAt === null ? row : null,
    changedAt: row.updatedAt,
  }));
}
