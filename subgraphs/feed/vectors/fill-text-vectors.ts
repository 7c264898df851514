import type { Database, Transaction } from '#platform/database/database.ts';
import { entryText } from '#platform/embedder/entry-text.ts';
import { DamagedEmbeddingError } from '#platform/embedder/local-embedding.ts';
import { appendEvent, inTransactionWithEvents } from '#platform/events/outbox.ts';
import { embedSideBySide, sideBySideSize } from '../learning/embed-side-by-side.ts';
import type { TextRow } from '../learning/item-texts.ts';
import { releaseTraining, servedVersion } from '../learning/model-version.ts';
import { storeVectors } from '../learning/vector-store.ts';
import type { ServedEmbedder } from './served-embedder.ts';

/** ms that the texts of one call may take, retries and all. */
const deadlineMs = 30_000;

/** Some items got their vectors, another process or a training holds the model, or nothing can be done. */
export type Filling = 'filled' | 'held' | 'nothing';

/** An item whose vector is due; without a text where it was removed. */
interface Due {
  readonly id: string;
  readonly xid: bigint;
  readonly text: string;
}

/**
 * Gives some of the items that are noted their vectors, as long as vectors come from texts, and tells every process of
 * them. The embedder is asked outside any transaction: a slow service keeps neither events nor requests waiting.
 * @throws what the embedder throws; the items stay noted.
 */
export async function fillTextVectors(
  database: Database,
  embedders: ServedEmbedder,
  signal: AbortSignal,
): Promise<Filling> {
  const version = await claim(database);
  if (typeof version === 'string') return version;
  try {
    const until = AbortSignal.any([signal, AbortSignal.timeout(deadlineMs)]);
    const embedder = await embedders.of(version, until);
    if (embedder === null) return 'nothing';
    const due = await readDue(database);
    const vectors = await embedSideBySide(
      embedder,
      due.map(({ text }) => text),
      until,
    );
    await inTransactionWithEvents(database, (tx) => store(tx, version, due, vectors));
    return 'filled';
  } catch (error) {
    if (error instanceof DamagedEmbeddingError) await requestAnother(database);
    throw error;
  } finally {
    await releaseTraining(database, 'item-vectors');
  }
}

/** Takes the model as a trainer does, and returns its version. */
async function claim(database: Database): Promise<number | Filling> {
  const waiting = await database.prisma.$queryRaw<{ version: number }[]>`
    SELECT version FROM feed.model_version
    WHERE name = 'item-vectors' AND method = 'text' AND EXISTS (SELECT FROM feed.text_vector_due)`;
  if (waiting.length === 0) return 'nothing';
  const [claimed] = await database.prisma.$queryRaw<{ version: number }[]>`
    UPDATE feed.model_version SET lease_until = now() + interval '2 minutes'
    WHERE name = 'item-vectors' AND method = 'text' AND (lease_until IS NULL OR lease_until < now())
    RETURNING version`;
  return claimed?.version ?? 'held';
}

async function readDue(database: Database): Promise<Due[]> {
  const rows = await database.prisma.$queryRaw<
    ({ dueId: string; xid: bigint } & (TextRow | { readonly id: null }))[]
  >`
    SELECT d.content_id AS "dueId", d.changed_xid AS xid, c.id, c.title, c.description, c.category, c.tags
    FROM feed.text_vector_due d LEFT JOIN feed.content c ON c.id = d.content_id AND c.removed_at IS NULL
    ORDER BY d.changed_xid, d.content_id LIMIT ${sideBySideSize}`;
  return rows.map((row) => ({ id: row.dueId, xid: row.xid, text: row.id === null ? '' : entryText(row) }));
}

async function store(
  tx: Transaction,
  version: number,
  due: readonly Due[],
  vectors: readonly Float32Array[],
): Promise<void> {
  // A version that was trained meanwhile may have read older texts: they stay noted.
  if ((await servedVersion(tx, 'item-vectors')) !== version) return;
  const rows = due.flatMap(({ id }, index) => {
    const vector = vectors[index];
    return vector?.some((value) => value !== 0) === true ? [{ id, vector }] : [];
  });
  await storeVectors(tx, version, rows, false);
  const known = new Set(rows.map(({ id }) => id));
  const unknown = due.flatMap(({ id }) => (known.has(id) ? [] : [id]));
  await tx.feedItemVector.deleteMany({ where: { version, contentId: { in: unknown } } });
  // One that has changed again since it was read stays noted.
  await tx.$executeRaw`
    DELETE FROM feed.text_vector_due d
    USING unnest(${due.map(({ id }) => id)}::text[], ${due.map(({ xid }) => String(xid))}::bigint[]) AS r (id, xid)
    WHERE d.content_id = r.id AND d.changed_xid = r.xid`;
  await appendEvent(tx, 'vectors.changed', { version, contentIds: due.map(({ id }) => id) });
}

/** Makes a training due, since what was stored cannot be opened: written by another release, as a rule. */
async function requestAnother(database: Database): Promise<void> {
  await database.prisma.$executeRaw`
    UPDATE feed.model_version SET requested_at = now() WHERE name = 'item-vectors'`;
}
