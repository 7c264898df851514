import type { Database } from '#platform/database/database.ts';
import { openLocalEmbedding } from '#platform/embedder/local-embedding.ts';
import type { RemoteEmbedding } from '#platform/embedder/remote-embedding.ts';
import type { TextEmbedder } from '#platform/embedder/text-embedder.ts';

/** Opens what made the vectors of a version, once per version. */
export class ServedEmbedder {
  readonly #database: Database;
  readonly #remote: RemoteEmbedding | null;
  #opened: { readonly version: number; readonly embedder: TextEmbedder } | null = null;

  /** `remote` is the service that is configured. */
  constructor(database: Database, remote: RemoteEmbedding | null) {
    this.#database = database;
    this.#remote = remote;
  }

  /**
   * The embedder of a version of the vectors, or null where this process cannot reach it: vectors of the service that
   * it is configured for would not be comparable, and a training by that is due.
   * @throws DamagedEmbeddingError, or EmbeddingError of the service.
   */
  async of(version: number, signal: AbortSignal): Promise<TextEmbedder | null> {
    if (this.#opened?.version === version) return this.#opened.embedder;
    const row = await this.#database.prisma.feedTextEmbedding.findUnique({ where: { version } });
    if (row === null) return null;
    const embedder =
      row.artefact === null ? await this.#openRemote(row.embedder, signal) : openLocalEmbedding(row.artefact);
    if (embedder !== null) this.#opened = { version, embedder };
    return embedder;
  }

  async #openRemote(name: string, signal: AbortSignal): Promise<TextEmbedder | null> {
    if (this.#remote === null || !name.startsWith(`${this.#remote.name}:`)) return null;
    const embedder = await this.#remote.open(signal);
    return embedder.version === name ? embedder : null;
  }
}
