import { parse } from 'graphql';
import type { NewDocument } from './document-store.ts';
import { equivalentIds } from './document-text.ts';
import type { RegisteredDocument } from './registered-document.ts';

/**
 * What is stored for a document that was written as `source`; `alias` is the id that a client's tool gave it, or null.
 */
export function newDocument(
  { id, name, text, description }: Pick<RegisteredDocument, 'id' | 'name' | 'text' | 'description'>,
  source: string,
  alias: string | null,
): NewDocument {
  const ids = [...equivalentIds(parse(source), source), ...(alias === null ? [] : [alias])];
  return { id, name, text, description, aliases: [...new Set(ids)].filter((other) => other !== id) };
}
