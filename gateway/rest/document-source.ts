import type { Caller } from '#platform/caller/caller.ts';
import type { RegisteredDocument } from '../documents/registered-document.ts';

/** The documents that REST serves; the gateway's registry is one. */
export interface DocumentSource {
  /** Every document, the same array until one is added or removed. */
  all(): readonly RegisteredDocument[];
  /** The document of that id where `caller` may send it, or null. */
  find(id: string, caller: Caller): RegisteredDocument | null;
}
