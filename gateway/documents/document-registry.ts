import { hasScope, type Caller } from '#platform/caller/caller.ts';
import type { DocumentNode } from 'graphql';
import { bareId } from './document-alias.ts';
import type { RegisteredDocument } from './registered-document.ts';

/** The list of the documents that everybody may run. */
export const publicList = '*';

/** A document and all that a process knows of it. */
export interface RegistryEntry {
  readonly document: RegisteredDocument;
  readonly node: DocumentNode;
  /** Under which it was published: another than the document's for the form with `__typename`. */
  readonly publishedId: string;
}

/** The documents of one list. */
export interface DocumentList {
  /** An API key's public id, or `publicList`. */
  readonly keyId: string;
  /** Those that were published, in the order of publication. */
  readonly entries: readonly RegistryEntry[];
  /** By each id that is accepted. */
  readonly byId: ReadonlyMap<string, RegistryEntry>;
}

/** The persisted documents that this process may run, in memory. */
export class DocumentRegistry {
  #lists: ReadonlyMap<string, DocumentList> = new Map();
  #entries: ReadonlyMap<RegisteredDocument, RegistryEntry> = new Map();
  #all: readonly RegisteredDocument[] = [];

  /** Puts `lists` in the place of everything, at once. */
  replace(lists: readonly DocumentList[]): void {
    const entries = new Map<RegisteredDocument, RegistryEntry>();
    const latest = new Map<string, RegisteredDocument>();
    for (const list of lists) {
      for (const entry of list.byId.values()) entries.set(entry.document, entry);
      for (const { document } of list.entries) latest.set(`${list.keyId} ${document.name}`, document);
    }
    this.#lists = new Map(lists.map((list) => [list.keyId, list]));
    this.#entries = entries;
    this.#all = [...new Map([...latest.values()].map((document) => [document.id, document])).values()];
  }

  /**
   * The document that `id` names for `caller`, with or without the prefix `sha256:`; null where there is none. A key of
   * scope partner sees its own list and nothing else, another key its own list besides everybody's.
   */
  find(id: string, caller: Caller): RegisteredDocument | null {
    const bare = bareId(id);
    const own = caller.key === null ? undefined : this.#lists.get(caller.key.id)?.byId.get(bare);
    if (own !== undefined) return own.document;
    if (caller.key !== null && hasScope(caller, 'partner')) return null;
    return this.#lists.get(publicList)?.byId.get(bare)?.document ?? null;
  }

  /** The documents of every list; of several under one name in a list, the one that was published last. */
  all(): readonly RegisteredDocument[] {
    return this.#all;
  }

  /** The entry of a document that `find` gave, for as long as it is registered. */
  entryOf(document: RegisteredDocument): RegistryEntry | null {
    return this.#entries.get(document) ?? null;
  }
}
