import { z } from 'zod';
import type { Database, Transaction } from '#platform/database/database.ts';
import { appendEvent, inTransactionWithEvents } from '#platform/events/outbox.ts';
import { checkBatch, inBatchOrder, type Rejected } from './batch.ts';
import { idSchema } from './entry-rules.ts';
import { countFacets, type Faceted } from './facets.ts';
import { beyondBound, isWithinBound, type VendorBound } from './vendor-bound.ts';

type Live = Faceted & { readonly id: string; readonly vendorId: string };

const deletionSchema = z.object({ id: idSchema });

/**
 * Deletes at most 500 entries in one transaction and raises `content.removed`. A broken, repeated or unknown id, and one of
 * an entry beyond `bound`, is among `rejected`; the others are deleted. The row stays as a tombstone, so that
 * `contentChanges` can tell of it.
 * @throws RequestError `BAD_USER_INPUT` for a batch of more than 500.
 */
export async function deleteContents(
  database: Database,
  ids: readonly string[],
  bound: VendorBound,
): Promise<{ deletedIds: string[]; rejected: Rejected[] }> {
  const inputs = ids.map((id) => ({ id }));
  const { accepted, rejected } = checkBatch(inputs, deletionSchema);
  if (accepted.length === 0) return { deletedIds: [], rejected: [...rejected.values()] };
  const wanted = accepted.map(({ id }) => id);
  const { deletedIds, anothers } = await inTransactionWithEvents(database, async (tx) => {
    const live = await lock(tx, wanted);
    const own = live.filter(({ vendorId }) => isWithinBound(bound, vendorId));
    await bury(tx, own);
    const buried = new Set(own.map(({ id }) => id));
    const contentIds = wanted.filter((id) => buried.has(id));
    if (contentIds.length > 0) await appendEvent(tx, 'content.removed', { contentIds });
    return { deletedIds: contentIds, anothers: new Set(live.map(({ id }) => id)).difference(buried) };
  });
  const gone = new Set(deletedIds);
  const refused = new Map<string, Rejected>();
  for (const id of wanted) {
    if (anothers.has(id)) refused.set(id, beyondBound(id));
    else if (!gone.has(id)) refused.set(id, { id, code: 'NOT_FOUND', message: `There is no entry ${id}.` });
  }
  return { deletedIds, rejected: inBatchOrder(inputs, rejected, refused) };
}

function lock(tx: Transaction, ids: readonly string[]): Promise<Live[]> {
  return tx.$queryRaw<Live[]>`
    SELECT id, vendor_id AS "vendorId", category, region, tags FROM content.content
    WHERE id = ANY (${[...ids]}::text[]) AND deleted_at IS NULL
    ORDER BY id
    FOR UPDATE`;
}

async function bury(tx: Transaction, entries: readonly Live[]): Promise<void> {
  await tx.$executeRaw`
    UPDATE content.content
    SET deleted_at = now(), updated_at = now(), version = version + 1,
      changed_xid = (pg_current_xact_id()::text)::bigint, changed_seq = nextval('content.change_seq')
    WHERE id = ANY (${entries.map(({ id }) => id)}::text[])`;
  await countFacets(
    tx,
    entries.map((before) => ({ before, after: null })),
  );
}
