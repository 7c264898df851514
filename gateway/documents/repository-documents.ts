import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GraphQLSchema } from 'graphql';
import type { NewDocument } from './document-store.ts';
import { newDocument } from './new-document.ts';
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
 * The documents of `schema/documents`, which are published for everybody. Those of earlier versions stay published, because
 * pages that were loaded before still ask for them.
 * @throws Error for a file that does not fit the schema, which the contract suite finds before.
 */
export function repositoryDocuments(schema: GraphQLSchema): NewDocument[] {
  return repositoryDocumentFiles().map((file) => {
    const source = readFileSync(file, 'utf8');
    const registration = registerDocument(schema, source, { holder: null });
    if (!registration.accepted) {
      throw new Error(`${file}: ${registration.problems.map(({ message }) => message).join(' ')}`);
    }
    return newDocument(registration.document, source, null);
  });
}
