import type { Database } from '#platform/database/database.ts';
import { appendEvent, inTransactionWithEvents } from '#platform/events/outbox.ts';
import { checkBatch, inBatchOrder, type Rejected } from './batch.ts';
import { toCatalogueEntry, type ContentRow } from './content-row.ts';
import { contentInputSchema } from './entry-rules.ts';
import { beyondBound, type VendorBound } from './vendor-bound.ts';
import { writeContents, type ContentOutcome, type ContentToWrite } from './write-contents.ts';

/**
 * Creates or replaces at most 500 entries in one transaction and raises `content.changed` for those that changed. A broken
 * or refused entry, and one beyond `bound`, is among `rejected`; the others are applied.
 * @throws RequestError `BAD_USER_INPUT` for a batch of more than 500.
 */
export async function upsertContents(
  database: Database,
  inputs: readonly { readonly id: string }[],
  bound: VendorBound,
): Promise<{ contents: ContentRow[]; rejected: Rejected[] }> {
  const { accepted, rejected } = checkBatch(inputs, contentInputSchema);
  if (accepted.length === 0) return { contents: [], rejected: [...rejected.values()] };
  const outcomes = await inTransactionWithEvents(database, async (tx) => {
    const written = await writeContents(tx, accepted, bound);
    const stored = [...written.values()].flatMap((outcome) =>
      outcome.kind === 'stored' ? [outcome.row] : [],
    );
    if (stored.length > 0) {
      await appendEvent(tx, 'content.changed', {
        contents: stored.map((row) => toCatalogueEntry(row)),
        vendors: [],
      });
    }
    return written;
  });
  const contents: ContentRow[] = [];
  const refused = new Map<string, Rejected>();
  for (const entry of accepted) {
    const outcome = outcomes.get(entry.id);
    if (outcome?.kind === 'stored' || outcome?.kind === 'unchanged') contents.push(outcome.row);
    else if (outcome !== undefined) refused.set(entry.id, refusal(entry, outcome));
  }
  return { contents, rejected: inBatchOrder(inputs, rejected, refused) };
}

function refusal(
  { id, vendorId }: ContentToWrite,
  outcome: Extract<ContentOutcome, { kind: 'conflict' | 'unknown-vendor' | 'beyond-bound' }>,
): Rejected {
  if (outcome.kind === 'beyond-bound') return beyondBound(id);
  return outcome.kind === 'conflict'
    ? { id, code: 'CONFLICT', message: conflictMessage(outcome.version) }
    : { id, code: 'NOT_FOUND', message: `There is no vendor ${vendorId}. Upsert the vendor first.` };
}

/** Says which version stands, 0 for none. */
export function conflictMessage(version: number): string {
  return version === 0
    ? 'It does not exist, so no version of it can be expected but 0.'
    : `Version ${version} is stored. Read it and decide again.`;
}
