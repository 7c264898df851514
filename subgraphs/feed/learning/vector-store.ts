import type { Database, Transaction } from '#platform/database/database.ts';
import { appendEvent, inTransactionWithEvents } from '#platform/events/outbox.ts';
import { serveVersion, type TrainedVersion } from './model-version.ts';
import { encodeVector } from './vector-bytes.ts';

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

/** Serves a version of the vectors, drops those before and tells every process. `beside` joins the transaction. */
export async function serveVectors(
  database: Database,
  trained: TrainedVersion,
  beside: (tx: Transaction) => Promise<unknown>,
): Promise<void> {
  const { version } = trained;
  const older = { where: { version: { lt: version } } };
  await inTransactionWithEvents(database, async (tx) => {
    await serveVersion(tx, 'item-vectors', trained);
    await beside(tx);
    await tx.feedItemVector.deleteMany(older);
    await tx.feedVectorFeature.deleteMany(older);
    await tx.feedTextEmbedding.deleteMany(older);
    await appendEvent(tx, 'model.trained', { name: 'item-vectors', version });
  });
}
