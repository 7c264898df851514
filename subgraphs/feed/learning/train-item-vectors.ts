import type { Database, Transaction } from '#platform/database/database.ts';
import { appendEvent, inTransactionWithEvents } from '#platform/events/outbox.ts';
import { readChoices } from './choices.ts';
import { readItemTraits } from './item-traits.ts';
import type { VectorTable } from './item-vectors.ts';
import { nextVersion, serveVersion } from './model-version.ts';
import type { TrainOptions } from './train-item-neighbours.ts';
import { encodeVector } from './vector-bytes.ts';
import { combineFeatures, featuresOf, storeFeatures, type Features } from './vector-feature-store.ts';
import { vectorsInThread } from './vectors-task.ts';
import { refreshVendorPopularity } from './vendor-popularity.ts';

/** Chosen on a validation split of goodbooks; see docs/reference/ranking.md. */
const parameters = {
  vectors: { dimensions: 128, userDiscount: 0.5, itemDiscount: 0.4 },
  features: { tagPenalty: 10, vendorPenalty: 3 },
};

/** Items in one statement. */
const chunkSize = 500;

/**
 * Trains item vectors on all positive interactions, in a worker thread, writes them as a new version, with vectors made
 * up from tags and vendor for items that nobody has chosen, and serves that from then on: `model.trained` tells every
 * process. Returns the version and how many items got a vector.
 */
export async function trainItemVectors(
  database: Database,
  { onProgress = () => undefined, signal }: Pick<TrainOptions, 'onProgress' | 'signal'> = {},
): Promise<{ version: number; learned: number; inferred: number }> {
  const { version, positives } = await nextVersion(database, 'item-vectors');
  const { matrix, ids } = await readChoices(database, signal);
  const { names, ...traits } = await readItemTraits(database, ids);
  const total = 2 * Math.max(1, ids.length);
  const { items, features } = await vectorsInThread(
    { choices: matrix, traits, ...parameters },
    { onProgress: (share) => onProgress((share * total) / 2, total), signal },
  );
  const learned = await storeLearned(database, version, ids, items, (done) => {
    signal?.throwIfAborted();
    onProgress(total / 2 + done, total);
  });
  const known = await storeFeatures(database, version, names, traits.idf, features);
  const inferred = await storeInferred(database, version, known, signal);
  await refreshVendorPopularity(database);
  await inTransactionWithEvents(database, async (tx) => {
    await serveVersion(tx, 'item-vectors', { version, positives, method: 'deep' });
    await dropOldVersions(tx, version);
    await appendEvent(tx, 'model.trained', { name: 'item-vectors', version });
  });
  onProgress(total, total);
  return { version, learned, inferred };
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

/** Writes vectors of one version; one that was learned is never replaced by one that was made up. */
export async function storeVectors(
  tx: Transaction,
  version: number,
  rows: readonly { readonly id: string; readonly vector: Float32Array }[],
  learned: boolean,
): Promise<void> {
  if (rows.length === 0) return;
  await tx.$executeRaw`
    INSERT INTO feed.item_vector AS v (version, content_id, vector, learned)
    SELECT ${version}::int, r.content_id, decode(r.vector, 'base64'), ${learned}
    FROM unnest(
      ${rows.map(({ id }) => id)}::text[],
      ${rows.map(({ vector }) => encodeVector(vector).toString('base64'))}::text[]
    ) AS r (content_id, vector)
    ON CONFLICT (version, content_id) DO UPDATE SET vector = excluded.vector, learned = excluded.learned
    WHERE excluded.learned OR NOT v.learned`;
}

async function dropOldVersions(tx: Transaction, version: number): Promise<void> {
  await tx.feedItemVector.deleteMany({ where: { version: { lt: version } } });
  await tx.feedVectorFeature.deleteMany({ where: { version: { lt: version } } });
}
