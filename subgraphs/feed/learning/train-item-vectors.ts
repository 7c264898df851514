import type { Database } from '#platform/database/database.ts';
import type { RemoteEmbedding } from '#platform/embedder/remote-embedding.ts';
import { readChoices } from './choices.ts';
import { readItemTraits } from './item-traits.ts';
import type { VectorTable } from './item-vectors.ts';
import { enoughPositives, nextVersion } from './model-version.ts';
import type { TrainOptions } from './train-item-neighbours.ts';
import { trainTextVectors } from './train-text-vectors.ts';
import { combineFeatures, featuresOf, storeFeatures, type Features } from './vector-feature-store.ts';
import { serveVectors, storeVectors } from './vector-store.ts';
import { vectorsInThread } from './vectors-task.ts';
import { refreshVendorPopularity } from './vendor-popularity.ts';

/** Chosen on a validation split of goodbooks; see docs/reference/ranking.md. */
export const vectorParameters = {
  vectors: { dimensions: 128, userDiscount: 0.5, itemDiscount: 0.4 },
  features: { tagPenalty: 10, vendorPenalty: 3 },
};

/** Items in one statement. */
const chunkSize = 500;

export interface VectorOptions extends Pick<TrainOptions, 'onProgress' | 'signal'> {
  /** `deep`: on choices; `text`: on what the catalogue says; absent: by how many choices there are. */
  readonly method?: 'deep' | 'text';
  /** The service that embeds texts; null or absent: an embedding that is trained on them. */
  readonly remote?: RemoteEmbedding | null;
}

export interface TrainedVectors {
  readonly version: number;
  readonly method: 'deep' | 'text';
  /** Items whose vector follows from who chose them. */
  readonly learned: number;
  /** Items whose vector is made up from tags and vendor, or from their text. */
  readonly inferred: number;
}

/**
 * Trains item vectors, writes them as a new version and serves that from then on: `model.trained` tells every process.
 * With `enoughPositives` they are learned from all positive interactions, in a worker thread, and made up from tags and
 * vendor for items that nobody has chosen; below that, they come from the texts of all items. Returns the version and
 * how many items got a vector.
 * @throws EmbeddingError where texts are embedded by a service that does not answer as it should.
 */
export async function trainItemVectors(
  database: Database,
  { method, remote = null, onProgress = () => undefined, signal }: VectorOptions = {},
): Promise<TrainedVectors> {
  const { version, positives, startedAt } = await nextVersion(database, 'item-vectors');
  if ((method ?? (positives < enoughPositives ? 'text' : 'deep')) === 'text') {
    const begun = { version, positives, startedAt };
    const inferred = await trainTextVectors(database, begun, { remote, onProgress, signal });
    return { version, method: 'text', learned: 0, inferred };
  }
  const { matrix, ids } = await readChoices(database, signal);
  const { names, ...traits } = await readItemTraits(database, ids);
  const total = 2 * Math.max(1, ids.length);
  const { items, features } = await vectorsInThread(
    { choices: matrix, traits, ...vectorParameters },
    { onProgress: (share) => onProgress((share * total) / 2, total), signal },
  );
  const learned = await storeLearned(database, version, ids, items, (done) => {
    signal?.throwIfAborted();
    onProgress(total / 2 + done, total);
  });
  const known = await storeFeatures(database, version, names, traits.idf, features);
  const inferred = await storeInferred(database, version, known, signal);
  await refreshVendorPopularity(database);
  // What was due for a text is served by these.
  await serveVectors(database, { version, positives, method: 'deep' }, (tx) =>
    tx.feedTextVectorDue.deleteMany(),
  );
  onProgress(total, total);
  return { version, method: 'deep', learned, inferred };
}

/** Writes the vectors of `ids`; one without a length says nothing and is left to be made up. */
async function storeLearned(
  database: Database,
  version: number,
  ids: readonly string[],
  { dimensions, values }: VectorTable,
  onStored: (done: number) => void,
): Promise<number> {
  let stored = 0;
  for (let start = 0; start < ids.length; start += chunkSize) {
    const end = Math.min(start + chunkSize, ids.length);
    const rows = ids.slice(start, end).flatMap((id, index) => {
      const vector = values.subarray((start + index) * dimensions, (start + index + 1) * dimensions);
      return vector.some((value) => value !== 0) ? [{ id, vector }] : [];
    });
    await database.transaction((tx) => storeVectors(tx, version, rows, true));
    stored += rows.length;
    onStored(end);
  }
  return stored;
}

/** Makes up vectors for the items that are there and have none in this version; returns how many. */
async function storeInferred(
  database: Database,
  version: number,
  features: Features,
  signal: AbortSignal | undefined,
): Promise<number> {
  let inferred = 0;
  let after = '';
  for (;;) {
    signal?.throwIfAborted();
    const items = await database.prisma.$queryRaw<{ id: string; vendorId: string; tags: string[] }[]>`
      SELECT c.id, c.vendor_id AS "vendorId", c.tags FROM feed.content c
      WHERE c.id > ${after} AND c.removed_at IS NULL AND NOT EXISTS (
        SELECT FROM feed.item_vector v WHERE v.version = ${version} AND v.content_id = c.id)
      ORDER BY c.id LIMIT ${chunkSize}`;
    const last = items.at(-1);
    if (last === undefined) return inferred;
    after = last.id;
    const rows = items.flatMap((item) => {
      const vector = combineFeatures(features, featuresOf(item));
      return vector === null ? [] : [{ id: item.id, vector }];
    });
    await database.transaction((tx) => storeVectors(tx, version, rows, false));
    inferred += rows.length;
  }
}
