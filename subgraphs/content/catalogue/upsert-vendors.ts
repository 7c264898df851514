import type { Database } from '#platform/database/database.ts';
import { appendEvent, inTransactionWithEvents } from '#platform/events/outbox.ts';
import { checkBatch, inBatchOrder, type Rejected } from './batch.ts';
import { vendorInputSchema } from './entry-rules.ts';
import { conflictMessage } from './upsert-contents.ts';
import { beyondBound, isWithinBound, type VendorBound } from './vendor-bound.ts';
import type { VendorRow } from './vendor-row.ts';
import { writeVendors } from './write-vendors.ts';

/**
 * Creates or replaces at most 500 vendors in one transaction and raises `content.changed` for those that changed. A broken
 * or refused one, and one beyond `bound`, is among `rejected`; the others are applied.
 * @throws RequestError `BAD_USER_INPUT` for a batch of more than 500.
 */
export async function upsertVendors(
  database: Database,
  inputs: readonly { readonly id: string }[],
  bound: VendorBound,
): Promise<{ vendors: VendorRow[]; rejected: Rejected[] }> {
  const { accepted, rejected } = checkBatch(inputs, vendorInputSchema);
  const own = accepted.filter(({ id }) => isWithinBound(bound, id));
  const refused = new Map<string, Rejected>();
  for (const { id } of accepted) if (!isWithinBound(bound, id)) refused.set(id, beyondBound(id));
  if (own.length === 0) return { vendors: [], rejected: inBatchOrder(inputs, rejected, refused) };
  const outcomes = await inTransactionWithEvents(database, async (tx) => {
    const written = await writeVendors(tx, own);
    const stored = [...written.values()].flatMap((outcome) =>
      outcome.kind === 'stored' ? [outcome.row] : [],
    );
    if (stored.length > 0) {
      await appendEvent(tx, 'content.changed', {
        contents: [],
        vendors: stored.map(({ id, region }) => ({ id, region })),
      });
    }
    return written;
  });
  const vendors: VendorRow[] = [];
  for (const { id } of own) {
    const outcome = outcomes.get(id);
    if (outcome?.kind === 'stored' || outcome?.kind === 'unchanged') vendors.push(outcome.row);
    else if (outcome !== undefined) {
      refused.set(id, { id, code: 'CONFLICT', message: conflictMessage(outcome.version) });
    }
  }
  return { vendors, rejected: inBatchOrder(inputs, rejected, refused) };
}
