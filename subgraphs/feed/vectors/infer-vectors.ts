import type { Transaction } from '#platform/database/database.ts';
import { appendEvent } from '#platform/events/outbox.ts';
import { combineFeatures, featuresOf, readFeatures } from '../learning/vector-feature-store.ts';
import { storeVectors } from '../learning/vector-store.ts';

/** Ids in one event at most. */
const chunkSize = 500;

interface ChangedItem {
  readonly id: string;
  readonly vendorId: string;
  readonly tags: readonly string[];
}

/**
 * Sees to the vectors of changed items where none was learned: they are made up from tags and vendor, or, as long as
 * vectors come from texts, noted for `fillTextVectors`, since a service that embeds is not waited for in a transaction.
 * Every process hears of the items by `vectors.changed`, also where only the region or the category has changed.
 */
export async function inferVectors(tx: Transaction, items: readonly ChangedItem[]): Promise<void> {
  if (items.length === 0) return;
  const model = await tx.feedModelVersion.findUnique({ where: { name: 'item-vectors' } });
  const version = model?.version ?? 0;
  const ids = items.map(({ id }) => id);
  if (version === 0 || model?.method === 'text') await noteForTexts(tx, ids);
  else await makeUp(tx, version, items);
  if (version === 0) return;
  for (let start = 0; start < ids.length; start += chunkSize) {
    await appendEvent(tx, 'vectors.changed', { version, contentIds: ids.slice(start, start + chunkSize) });
  }
}

async function makeUp(tx: Transaction, version: number, items: readonly ChangedItem[]): Promise<void> {
  const features = await readFeatures(
    tx,
    version,
    items.flatMap((item) => featuresOf(item)),
  );
  const rows = items.flatMap((item) => {
    const vector = combineFeatures(features, featuresOf(item));
    return vector === null ? [] : [{ id: item.id, vector }];
  });
  await storeVectors(tx, version, rows, false);
}

async function noteForTexts(tx: Transaction, ids: readonly string[]): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO feed.text_vector_due (content_id, changed_xid)
    SELECT id, (pg_current_xact_id()::text)::bigint FROM unnest(${[...ids]}::text[]) AS r (id) ORDER BY id
    ON CONFLICT (content_id) DO UPDATE SET changed_xid = excluded.changed_xid`;
}
