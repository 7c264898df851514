import type { Database } from '#platform/database/database.ts';
import { openLocalEmbedding, serialiseLocalEmbedding } from '#platform/embedder/local-embedding.ts';
import type { RemoteEmbedding } from '#platform/embedder/remote-embedding.ts';
import type { TextEmbedder } from '#platform/embedder/text-embedder.ts';
import { trainLocalEmbedding } from '#platform/embedder/train-local-embedding.ts';
import { embedSideBySide, sideBySideSize } from './embed-side-by-side.ts';
import { itemTexts } from './item-texts.ts';
import { holdTraining, releaseTraining, type TrainedVersion } from './model-version.ts';
import { storeVectors, serveVectors } from './vector-store.ts';
import { refreshVendorPopularity } from './vendor-popularity.ts';

/** Texts that are read at once for a training. */
const pageSize = 1_000;

interface TextOptions {
  readonly remote: RemoteEmbedding | null;
  readonly onProgress: (done: number, total: number) => void;
  readonly signal: AbortSignal | undefined;
}

/**
 * Writes vectors made of the texts of all items as `begun` and serves them. The model is held meanwhile, so that nobody
 * else fills in vectors that this version would miss. Returns how many items got one: a text of which nothing is known
 * gets none.
 * @throws EmbeddingError where a service embeds and does not answer as it should.
 */
export async function trainTextVectors(
  database: Database,
  begun: Pick<TrainedVersion, 'version' | 'positives' | 'startedAt'>,
  { remote, onProgress, signal }: TextOptions,
): Promise<number> {
  const { version } = begun;
  await holdTraining(database, 'item-vectors');
  try {
    const count = await database.prisma.feedContent.count({ where: { removedAt: null } });
    const total = 2 * Math.max(1, count);
    const embedder =
      remote === null
        ? await trainEmbedding(database, version, (share) => onProgress((share * total) / 2, total), signal)
        : await openRemote(database, version, remote, signal);
    const { covered, items, stored } = await storeTexts(database, { version, embedder, signal }, (done) =>
      onProgress(Math.min(total, total / 2 + done), total),
    );
    await storeTagWeights(database);
    await refreshVendorPopularity(database);
    await serveVectors(
      database,
      { ...begun, method: 'text', items },
      (tx) => tx.$executeRaw`DELETE FROM feed.text_vector_due WHERE changed_xid < ${covered}`,
    );
    onProgress(total, total);
    return stored;
  } finally {
    await releaseTraining(database, 'item-vectors');
  }
}

/** Trains an embedding on the catalogue's texts and keeps it for the texts that come later. */
async function trainEmbedding(
  database: Database,
  version: number,
  onProgress: (share: number) => void,
  signal: AbortSignal | undefined,
): Promise<TextEmbedder> {
  const texts = async function* (): AsyncGenerator<readonly string[], void, undefined> {
    for await (const page of itemTexts(database, pageSize, signal)) yield page.map(({ text }) => text);
  };
  const dimensions = 128;
  const trained = await trainLocalEmbedding(texts(), {
    dimensions,
    signal,
    onProgress: (progress) => {
      if ('foundDimensions' in progress) onProgress(Math.min(1, progress.foundDimensions / dimensions));
    },
  });
  const artefact = serialiseLocalEmbedding(trained);
  const embedder = openLocalEmbedding(artefact);
  await database.prisma.feedTextEmbedding.create({ data: { version, embedder: embedder.version, artefact } });
  return embedder;
}

async function openRemote(
  database: Database,
  version: number,
  remote: RemoteEmbedding,
  signal: AbortSignal | undefined,
): Promise<TextEmbedder> {
  const embedder = await remote.open(signal);
  await database.prisma.feedTextEmbedding.create({
    data: { version, embedder: embedder.version, artefact: null },
  });
  return embedder;
}

/**
 * Embeds and stores all texts. Returns how many items there were, how many vectors were stored, and below which
 * transaction every change of an item is in them.
 */
async function storeTexts(
  database: Database,
  { version, embedder, signal }: { version: number; embedder: TextEmbedder; signal: AbortSignal | undefined },
  onStored: (items: number) => void,
): Promise<{ covered: bigint; items: number; stored: number }> {
  const [snapshot] = await database.prisma.$queryRaw<{ xmin: bigint }[]>`
    SELECT (pg_snapshot_xmin(pg_current_snapshot())::text)::bigint AS xmin`;
  let items = 0;
  let stored = 0;
  for await (const page of itemTexts(database, sideBySideSize, signal)) {
    await holdTraining(database, 'item-vectors');
    const vectors = await embedSideBySide(
      embedder,
      page.map(({ text }) => text),
      signal,
    );
    const rows = page.flatMap(({ id }, index) => {
      const vector = vectors[index];
      return vector?.some((value) => value !== 0) === true ? [{ id, vector }] : [];
    });
    await database.transaction((tx) => storeVectors(tx, version, rows, false));
    items += page.length;
    stored += rows.length;
    onStored(items);
  }
  return { covered: snapshot?.xmin ?? 0n, items, stored };
}

/** Computes how much each tag tells, over all items that are there. */
async function storeTagWeights(database: Database): Promise<void> {
  await database.transaction(async (tx) => {
    await tx.feedTagWeight.deleteMany();
    await tx.$executeRaw`
      WITH item AS (SELECT id, tags FROM feed.content WHERE removed_at IS NULL)
      INSERT INTO feed.tag_weight (tag, idf)
      SELECT t.tag, ln((SELECT count(*) FROM item)::float8 / count(DISTINCT item.id))
      FROM item, unnest(item.tags) AS t (tag) GROUP BY t.tag`;
  });
}
