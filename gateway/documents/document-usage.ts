import type { Caller } from '#platform/caller/caller.ts';
import type { Database } from '#platform/database/database.ts';
import type { Logger } from '#platform/logging/logger.ts';
import { publicList } from './document-registry.ts';
import { addUsage, type DocumentUse } from './document-store.ts';

export interface DocumentUsageOptions {
  readonly database: Database;
  readonly logger: Logger;
  /** Milliseconds between two writes. */
  readonly intervalMs?: number;
  /** Pairs of document and key that are kept in memory at most; further ones wait for the next write uncounted. */
  readonly maxPairs?: number;
}

/** Counts in memory how often each key runs each document, and adds it up in the database from time to time. */
export class DocumentUsage {
  readonly #options: Required<DocumentUsageOptions>;
  #uses = new Map<string, DocumentUse>();
  #inFlight: Promise<void> | null = null;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: DocumentUsageOptions) {
    this.#options = { intervalMs: 10_000, maxPairs: 10_000, ...options };
  }

  start(): void {
    this.#timer = setInterval(() => void this.flush(), this.#options.intervalMs);
    this.#timer.unref();
  }

  /** Writes out what is left and ends. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#inFlight;
    await this.flush();
  }

  /** Counts one run of the document that was published as `documentId`. */
  count(documentId: string, caller: Caller): void {
    this.#add({ documentId, keyId: caller.key?.id ?? publicList, runs: 1, lastUsedAt: new Date() });
  }

  /** Writes what has been counted; where that fails it is kept for the next time. */
  flush(): Promise<void> {
    this.#inFlight ??= this.#write().finally(() => {
      this.#inFlight = null;
    });
    return this.#inFlight;
  }

  async #write(): Promise<void> {
    const { database, logger } = this.#options;
    const uses = [...this.#uses.values()];
    if (uses.length === 0) return;
    this.#uses = new Map();
    try {
      await addUsage(database, uses);
    } catch (error) {
      logger.warn({ err: error }, 'the usage of documents could not be written');
      for (const use of uses) this.#add(use);
    }
  }

  #add(use: DocumentUse): void {
    const pair = `${use.documentId} ${use.keyId}`;
    const before = this.#uses.get(pair);
    if (before === undefined && this.#uses.size >= this.#options.maxPairs) return;
    this.#uses.set(pair, {
      ...use,
      runs: use.runs + (before?.runs ?? 0),
      lastUsedAt: new Date(Math.max(use.lastUsedAt.getTime(), before?.lastUsedAt.getTime() ?? 0)),
    });
  }
}
