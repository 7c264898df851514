import { anyHolder } from '../../gateway/documents/closed-fields.ts';
import { publicList } from '../../gateway/documents/document-registry.ts';
import { readPublished } from '../../gateway/documents/document-store.ts';
import { readPublicSchema } from '../../gateway/documents/read-public-schema.ts';
import { ListRegistrar } from '../../gateway/documents/register-list.ts';
import { repositoryDocumentFiles } from '../../gateway/documents/repository-documents.ts';
import { CommandError } from '../command.ts';
import { checkSources } from './check-sources.ts';
import { listHolderOf } from './list-holder.ts';
import { readDocumentFiles } from './read-document-files.ts';
import { withDatabaseAsItIs } from '../with-database.ts';

/**
 * Checks the documents of `files` (none: of schema/documents) and all that is published for anybody against the schema
 * of this checkout; the files as documents for the list of `keyId`, or of everybody where it is null. Returns what was
 * checked, and notes.
 * @throws CommandError with `file:line: reason` for each problem, or for a key that is not accepted.
 */
export async function checkDocuments(
  files: readonly string[],
  { keyId }: { keyId: string | null },
): Promise<string[]> {
  const schema = readPublicSchema();
  const sources = await readDocumentFiles(files.length === 0 ? repositoryDocumentFiles() : files);
  const known = await withDatabaseAsItIs(async (database) => ({
    published: await readPublished(database),
    holder: keyId === null ? null : await listHolderOf(database, keyId),
  }));
  // Without a database nothing is known of the key.
  const holder = known === null && keyId !== null ? anyHolder : (known?.holder ?? null);
  const { problems, notes } = checkSources(schema, sources, { holder });
  const published = known?.published ?? null;
  const { broken } = new ListRegistrar(schema).register(published ?? []);
  const breaks = broken.flatMap(({ published: { keyId: list, name, id }, problems: found }) =>
    found.map(
      ({ line, message }) =>
        `published ${list === publicList ? 'for everybody' : `for key ${list}`} (${name}, sha256:${id}):${line}: ${message}`,
    ),
  );
  const all = [...problems, ...breaks];
  if (all.length > 0) throw new CommandError([`${all.length} found:`, ...all].join('\n  '));
  return [
    `${sources.length} documents of files are good.`,
    published === null
      ? 'No published documents were checked: there is no database, or it is behind (bouquet migrate).'
      : `${published.length} published documents are good.`,
    ...notes.map((note) => `note: ${note}`),
  ];
}
