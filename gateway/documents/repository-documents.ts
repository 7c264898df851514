import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from '#platform/database/database.ts';
import { parse, type GraphQLSchema } from 'graphql';
import { publicList } from './document-registry.ts';
import { publishDocuments, type NewDocument } from './document-store.ts';
import { equivalentIds } from './document-text.ts';
import { registerDocument } from './register-document.ts';

const folder = join(import.meta.dirname, '../../schema/documents');

/** The files of the documents that come with Bouquet, one operation each. */
export function repositoryDocumentFiles(): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.graphql'))
    .toSorted()
    .map((name) => join(folder, name));
}

/**
 * Publishes the documents of `schema/documents` for everybody. Those of earlier versions stay, because pages that were
 * loaded before still ask for them.
 */
export async function publishRepositoryDocuments(database: Database, schema: GraphQLSchema): Promise<void> {
  await publishDocuments(database, publicList, repositoryDocuments(schema));
}

/** @throws Error for a file that does not fit the schema, which the contract suite finds before. */
function repositoryDocuments(schema: GraphQLSchema): NewDocument[] {
  return repositoryDocumentFiles().map((file) => {
    const source = readFileSync(file, 'utf8');
    const registration = registerDocument(schema, source, { partner: false });
    if (!registration.accepted) {
      throw new Error(`${file}: ${registration.problems.map(({ message }) => message).join(' ')}`);
    }
    return newDocument(registration.document, source, null);
  });
}

/** What is published for a document that was written as `source`; `alias` is an id that a client's tool gave it. */
export function newDocument(
  { id, name, text }: { readonly id: string; readonly name: string; readonly text: string },
  source: string,
  alias: string | null,
): NewDocument {
  const ids = [...equivalentIds(parse(source), source), ...(alias === null ? [] : [alias])];
  return { id, name, text, aliases: [...new Set(ids)].filter((other) => other !== id) };
}
