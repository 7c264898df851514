import type { Database, Transaction } from '#platform/database/database.ts';
import type { BouquetEvent } from '#platform/events/contracts.ts';
import type { EveryConsumer } from '#platform/events/every-consumer.ts';
import type { OnceConsumer } from '#platform/events/once-consumer.ts';
import type { Logger } from '#platform/logging/logger.ts';
import type { RebuildProgress, VectorIndex, VectorPoint } from '#platform/vectors/vector-index.ts';
import { decodeVector } from '../learning/vector-bytes.ts';

const changes = ['vectors.changed', 'content.removed'] as const;

/** Points in one statement. */
const pageSize = 1_000;

/** Keeps a vector index in step with the vectors that PostgreSQL has: the index is a copy, made anew at will. */
export class VectorSupply {
  readonly #database: Database;
  readonly #index: VectorIndex;
  readonly #logger: Logger;
  #rebuild: Promise<void> | null = null;

  constructor(database: Database, index: VectorIndex, logger: Logger) {
    this.#database = database;
    this.#index = index;
    this.#logger = logger;
  }

  /** Begins to fill the index, where it does not have the served version already; nothing waits for it. */
  start(): void {
    void this.refill().catch((error: unknown) =>
      this.#logger.error(
        { err: error },
        'the vector index was not filled and will be with the next training',
      ),
    );
  }

  /** For an index of this process's own: follows trainings and changes of items. */
  get consumer(): EveryConsumer {
    return {
      name: 'feed.vector-index',
      types: ['model.trained', ...changes],
      handle: async (events) => {
        if (events.some((event) => event.type === 'model.trained' && event.payload.name === 'item-vectors')) {
          await this.refill();
        }
        await this.#apply(events);
      },
      onGap: () => this.refill({ anew: true }),
    };
  }

  /** For an index that processes share: follows changes of items; whoever trains fills it. */
  get sharedConsumer(): OnceConsumer {
    return {
      name: 'feed.vector-index',
      types: changes,
      handle: (tx, events) => this.#apply(events, tx),
    };
  }

  /**
   * Fills the index with the served version, unless it has that. `anew` does so in any case. Calls at once share the
   * work.
   */
  async refill({
    anew = false,
    onProgress,
  }: { anew?: boolean; onProgress?: (progress: RebuildProgress) => void } = {}): Promise<void> {
    await this.#rebuild;
    const model = await this.#database.prisma.feedModelVersion.findUnique({
      where: { name: 'item-vectors' },
    });
    const version = model?.version ?? 0;
    if (version === 0) return;
    const dimensions = await this.#dimensionsOf(version);
    if (dimensions === 0 || (!anew && (await this.#index.version()) === String(version))) return;
    this.#rebuild ??= this.#index
      .replaceAll(this.#points(version), {
        version: String(version),
        dimensions,
        ...(onProgress && { onProgress }),
      })
      .finally(() => {
        this.#rebuild = null;
      });
    await this.#rebuild;
  }

  /** The served version, and the vectors that an index of it has to hold. */
  async supplied(): Promise<{ version: number; vectors: number }> {
    const [row] = await this.#database.prisma.$queryRaw<{ version: number; vectors: number }[]>`
      SELECT m.version, count(c.id)::int AS vectors
      FROM feed.model_version m
      LEFT JOIN feed.item_vector v ON v.version = m.version
      LEFT JOIN feed.content c ON c.id = v.content_id AND c.removed_at IS NULL
      WHERE m.name = 'item-vectors' GROUP BY m.version`;
    return row ?? { version: 0, vectors: 0 };
  }

  /** Ends a rebuild in progress. */
  async stop(): Promise<void> {
    await this.#index.close();
    await this.#rebuild?.catch(() => undefined);
  }

  async #dimensionsOf(version: number): Promise<number> {
    const first = await this.#database.prisma.feedItemVector.findFirst({ where: { version } });
    return first === null ? 0 : decodeVector(first.vector).length;
  }

  async *#points(version: number): AsyncGenerator<readonly VectorPoint[], void, undefined> {
    let after = '';
    for (;;) {
      const rows = await this.#database.prisma.$queryRaw<Row[]>`
        SELECT c.id, c.region, c.category, v.vector
        FROM feed.item_vector v JOIN feed.content c ON c.id = v.content_id
        WHERE v.version = ${version} AND v.content_id > ${after} AND c.removed_at IS NULL
        ORDER BY v.content_id LIMIT ${pageSize}`;
      const last = rows.at(-1);
      if (last === undefined) return;
      after = last.id;
      yield rows.map((row) => toPoint(row));
    }
  }

  /** Reads by `tx` where that is held: an embedded database has one connection, which nobody else gets meanwhile. */
  async #apply(
    events: readonly BouquetEvent[],
    tx: Pick<Transaction, '$queryRaw'> = this.#database.prisma,
  ): Promise<void> {
    const ids = events.flatMap((event) =>
      event.type === 'vectors.changed' || event.type === 'content.removed' ? event.payload.contentIds : [],
    );
    if (ids.length > 0) await this.#refresh([...new Set(ids)], tx);
  }

  /** Brings some items up to date: those that are gone go. */
  async #refresh(ids: readonly string[], tx: Pick<Transaction, '$queryRaw'>): Promise<void> {
    const rows = await tx.$queryRaw<Row[]>`
      SELECT c.id, c.region, c.category, v.vector
      FROM feed.content c
      JOIN feed.model_version m ON m.name = 'item-vectors'
      JOIN feed.item_vector v ON v.version = m.version AND v.content_id = c.id
      WHERE c.id = ANY (${[...ids]}::text[]) AND c.removed_at IS NULL`;
    const found = new Set(rows.map(({ id }) => id));
    await this.#index.remove(ids.filter((id) => !found.has(id)));
    await this.#index.upsert(rows.map((row) => toPoint(row)));
  }
}

interface Row {
  readonly id: string;
  readonly region: string;
  readonly category: string;
  readonly vector: Uint8Array;
}

function toPoint({ vector, ...item }: Row): VectorPoint {
  return { ...item, vector: decodeVector(vector) };
}
