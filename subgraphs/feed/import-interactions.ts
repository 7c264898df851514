import type { Transaction } from '#platform/database/database.ts';
import type { InteractionType } from '#platform/events/contracts.ts';
import type { StoredInteraction } from './interactions/interaction.ts';
import { addPopularity } from './interactions/popularity.ts';
import { countPositives } from './learning/model-version.ts';

export type { StoredInteraction };

/** A line of an interactions file. */
export interface ImportedInteraction {
  readonly id: string;
  readonly userId: string;
  readonly contentId: string;
  readonly type: InteractionType;
  readonly occurredAt: Date;
}

/**
 * Stores a chunk of interactions, in the caller's transaction. Returns what was new, with its vendor, and the ids
 * of items that the catalogue does not have, whose rows are left out. A repeat stores nothing.
 */
export async function importInteractions(
  tx: Transaction,
  rows: readonly ImportedInteraction[],
): Promise<{ stored: StoredInteraction[]; unknownContentIds: string[] }> {
  if (rows.length === 0) return { stored: [], unknownContentIds: [] };
  const vendors = await vendorsOf(tx, new Set(rows.map(({ contentId }) => contentId)));
  const known = rows.flatMap((row) => {
    const vendorId = vendors.get(row.contentId);
    return vendorId === undefined ? [] : [{ ...row, vendorId }];
  });
  const unknown = rows.filter(({ contentId }) => !vendors.has(contentId)).map(({ contentId }) => contentId);
  const stored = await insertNew(tx, known);
  await addPopularity(tx, stored);
  await countPositives(tx, stored);
  return { stored, unknownContentIds: [...new Set(unknown)] };
}

async function vendorsOf(tx: Transaction, ids: ReadonlySet<string>): Promise<Map<string, string>> {
  const rows = await tx.$queryRaw<{ id: string; vendor_id: string }[]>`
    SELECT id, vendor_id FROM feed.content WHERE id = ANY (${[...ids]}::text[]) AND removed_at IS NULL`;
  return new Map(rows.map((row) => [row.id, row.vendor_id]));
}

async function insertNew(tx: Transaction, rows: readonly StoredInteraction[]): Promise<StoredInteraction[]> {
  if (rows.length === 0) return [];
  const stored = await tx.$queryRaw<{ user_id: string; id: string }[]>`
    INSERT INTO feed.interaction (user_id, id, content_id, vendor_id, type, occurred_at)
    SELECT * FROM unnest(
      ${rows.map(({ userId }) => userId)}::text[],
      ${rows.map(({ id }) => id)}::text[],
      ${rows.map(({ contentId }) => contentId)}::text[],
      ${rows.map(({ vendorId }) => vendorId)}::text[],
      ${rows.map(({ type }) => type)}::text[],
      ${rows.map(({ occurredAt }) => occurredAt.toISOString())}::timestamptz[]
    )
    ON CONFLICT DO NOTHING
    RETURNING user_id, id`;
  // Of two rows with one key in a chunk the first is stored, so the first is what came back.
  const waiting = new Set(stored.map((row) => keyOf(row.user_id, row.id)));
  return rows.filter(({ userId, id }) => waiting.delete(keyOf(userId, id)));
}

function keyOf(userId: string, id: string): string {
  return `${userId}\0${id}`;
}
