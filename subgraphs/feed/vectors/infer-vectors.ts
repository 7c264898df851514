import type { Transaction } from '#platform/database/database.ts';
import { appendEvent } from '#platform/events/outbox.ts';
import { servedVersion } from '../learning/model-version.ts';
import { storeVectors } from '../learning/train-item-vectors.ts';
import { combineFeatures, featuresOf, readFeatures } from '../learning/vector-feature-store.ts';

/** Ids in one event at most. */
const chunkSize = 500;

interface ChangedItem {
  readonly id: string;
  readonly vendorId: string;
  readonly tags: readonly string[];
}

/**
 * Gives changed items a vector made up from their tags and vendor, where none was learned, and tells every process of
 * them by `vectors.changed`, also where only the region or the category has changed.
 */
export async function inferVectors(tx: Transaction, items: readonly ChangedItem[]): Promise<void> {
  const version = await servedVersion(tx, 'item-vectors');
  if (version === 0 || items.length === 0) return;
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
  const ids = items.map(({ id }) => id);
  for (let start = 0; start < ids.length; start += chunkSize) {
    await appendEvent(tx, 'vectors.changed', { version, contentIds: ids.slice(start, start + chunkSize) });
  }
}
