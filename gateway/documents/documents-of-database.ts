import type { Database } from '#platform/database/database.ts';
import type { Logger } from '#platform/logging/logger.ts';
import { poll } from '#platform/resilience/poll.ts';
import type { GraphQLSchema } from 'graphql';
import { DocumentRegistry, publicList } from './document-registry.ts';
import { publishDocuments, readPublished, readVersion, type NewDocument } from './document-store.ts';
import { ListRegistrar } from './register-list.ts';

export interface DocumentPollOptions {
  readonly database: Database;
  /** The schema that clients see. */
  readonly schema: GraphQLSchema;
  readonly logger: Logger;
  /** Published for everybody before anything is loaded, and served until the database answers; absent: none. */
  readonly own?: readonly NewDocument[];
  /** Milliseconds between two looks at the version, give or take a tenth. */
  readonly intervalMs?: number;
}

/** Milliseconds between two looks that requests for unknown documents cause. */
const missPauseMs = 200;

/** Keeps a registry as the database has it: a document published anywhere can be run here within two seconds. */
export class DocumentsOfDatabase {
  readonly registry = new DocumentRegistry();
  readonly #options: DocumentPollOptions;
  readonly #registrar: ListRegistrar;
  #isPublished = false;
  #version: bigint | null = null;
  #inFlight: Promise<void> | null = null;
  #failing = false;
  #lookedAt = -Infinity;
  #stopPolling = (): void => undefined;

  constructor(options: DocumentPollOptions) {
    this.#options = options;
    this.#registrar = new ListRegistrar(options.schema);
  }

  /** Loads everything, and looks for changes from then on; also where the database does not answer. */
  async start(): Promise<void> {
    await this.#tick();
    if (this.#version === null) this.#serveOwn();
    this.#stopPolling = poll(this.#options.intervalMs ?? 1_000, () => this.#tick());
  }

  async stop(): Promise<void> {
    this.#stopPolling();
    await this.#inFlight;
  }

  /** Takes over what has been published; whoever publishes in this process calls it at once. */
  async refresh(): Promise<void> {
    const { database, logger, own = [] } = this.#options;
    if (!this.#isPublished && own.length > 0) await publishDocuments(database, publicList, own);
    this.#isPublished = true;
    // Read before the documents: what is published in between is then loaded twice, and never missed.
    const version = await readVersion(database);
    if (version === this.#version) return;
    const { lists, broken } = this.#registrar.register(await readPublished(database));
    this.registry.replace(lists);
    this.#version = version;
    for (const { published, problems } of broken) {
      logger.warn(
        { document: published.id, name: published.name, key: published.keyId, problems },
        'a published document does not fit the schema and is not served',
      );
    }
  }

  #serveOwn(): void {
    const published = (this.#options.own ?? []).map((document) => ({
      ...document,
      keyId: publicList,
      publishedAt: new Date(),
    }));
    this.registry.replace(this.#registrar.register(published).lists);
  }

  /**
   * Looks for what has just been published, for a request that names an unknown document: whoever publishes can send it at
   * once. All such requests share one look, and there are few of them however many ask.
   */
  async lookAgain(): Promise<void> {
    if (performance.now() - this.#lookedAt >= missPauseMs) await this.#tick();
  }

  #tick(): Promise<void> {
    this.#inFlight ??= this.#look().finally(() => {
      this.#inFlight = null;
    });
    return this.#inFlight;
  }

  /** While the database does not answer, what was loaded before stays. */
  async #look(): Promise<void> {
    this.#lookedAt = performance.now();
    try {
      await this.refresh();
      this.#failing = false;
    } catch (error) {
      const { logger } = this.#options;
      if (!this.#failing) logger.warn({ err: error }, 'changes of the persisted documents are not seen');
      this.#failing = true;
    }
  }
}
