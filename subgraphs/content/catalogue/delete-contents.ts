import { z } from 'zod';
import type { Database, Transaction } from '#platform/database/database.ts';
import { appendEvent, inTransactionWithEvents } from '#platform/events/outbox.ts';
import { checkBatch, inBatchOrder, type Rejected } from './batch.ts';
import { idSchema } from './entry-rules.ts';
import { countFacets, type Faceted } from './facets.ts';

const deletionSchema = z.object({ id: idSchema });

/**
 * Deletes at most 500 entries in one transaction and raises `content.removed`. A broken, repeated or unknown id is among
 * `rejected`, the others are deleted. The row stays as a tombstone, so that `contentChanges` can tell of it.
 * @throws RequestError `BAD_USER_INPUT` for a batch of more than 500.
 */
export async function deleteContents(
  database: Database,
  ids: readonly string[],
): Promise<{ deletedIds: string[]; rejected: Rejected[] }> {
  const inputs = ids.map((id) => ({ id }));
  const { accepted, rejected } = checkBatch(inputs, deletionSchema);
  if (accepted.length === 0) return { deletedIds: [], rejected: [...rejected.values()] };
  const wanted = accepted.map(({ id }) => id);
  const deleted = await inTransactionWithEvents(database, async (tx) => {
    const live = await bury(tx, wanted);
    const contentIds = wanted.filter((id) => live.has(id));
    if (contentIds.length > 0) await appendEvent(tx, 'content.removed', { contentIds });
    return contentIds;
  });
  const gone = new Set(deleted);
  const unknown = new Map<string, Rejected>();
  for (const id of wanted) {
    if (!gone.has(id)) unknown.set(id, { id, code: 'NOT_FOUND', message: `There is no entry ${id}.` });
  }
  return { deletedIds: deleted, rejected: inBatchOrder(inputs, rejected, unknown) };
}

async function bury(tx: Transaction, ids: readonly string[]): Promise<Set<string>> {
  const live = await tx.$queryRaw<(Faceted & { id: string })[]>`
    SELECT id, category, region, tags FROM content.content
    WHERE id = ANY (${ids}::text[]) AND deleted_at IS NULL
    ORDER BY id
    FOR UPDATE`;
  const liveIds = live.map(({ id }) => id);
  await tx.$executeRaw`
    UPDATE content.content
    SET deleted_at = now(), updated_at = now(), version = version + 1,
      changed_xid = (pg_current_xact_id()::text)::bigint, changed_seq = nextval('content.change_seq')
    WHERE id = ANY (${liveIds}::text[])`;
  await countFacets(
    tx,
    live.map((before) => ({ before, after: null })),
  );
  return new Set(liveIds);
}
