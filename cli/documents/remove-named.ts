import { bareId } from '../../gateway/documents/document-alias.ts';
import { publicList } from '../../gateway/documents/document-registry.ts';
import { readPublished, removeDocuments } from '../../gateway/documents/document-store.ts';
import { CommandError } from '../command.ts';
import { withDatabase } from '../with-database.ts';

/**
 * Takes the documents with these names or ids off the list of `keyId`, or of everybody where it is null: a name stands
 * for all its versions. Returns a line per document.
 * @throws CommandError for a name that the list does not have; nothing is removed then.
 */
export async function removeNamed(
  names: readonly string[],
  { keyId, dryRun }: { keyId: string | null; dryRun: boolean },
): Promise<string[]> {
  const list = keyId ?? publicList;
  return withDatabase(async (database) => {
    const published = (await readPublished(database)).filter((one) => one.keyId === list);
    const wanted = names.map((name) => ({
      name,
      found: published.filter((one) => one.name === name || one.id === bareId(name)),
    }));
    const unknown = wanted.filter(({ found }) => found.length === 0).map(({ name }) => name);
    if (unknown.length > 0) {
      throw new CommandError(`nothing was removed: the list does not have ${unknown.join(', ')}.`);
    }
    const documents = [...new Set(wanted.flatMap(({ found }) => found))];
    if (!dryRun) {
      await removeDocuments(
        database,
        list,
        documents.map(({ id }) => id),
      );
    }
    return documents.map(({ name, id }) => `${dryRun ? 'would remove' : 'removed'}  ${name}  sha256:${id}`);
  });
}
