import { publicList } from '../../gateway/documents/document-registry.ts';
import { publishDocuments, readPublished } from '../../gateway/documents/document-store.ts';
import { readPublicSchema } from '../../gateway/documents/read-public-schema.ts';
import { CommandError } from '../command.ts';
import { checkSources } from './check-sources.ts';
import { describeDocument } from './describe-document.ts';
import { listHolderOf } from './list-holder.ts';
import { readDocumentFiles } from './read-document-files.ts';
import { withDatabase } from '../with-database.ts';

/**
 * Publishes the documents of `files` on the list of `keyId`, or of everybody where it is null. Returns a line per
 * document.
 * @throws CommandError with every problem, or for a key that is not accepted; nothing is published then.
 */
export async function publishFiles(
  files: readonly string[],
  { keyId, dryRun }: { keyId: string | null; dryRun: boolean },
): Promise<string[]> {
  const sources = await readDocumentFiles(files);
  const list = keyId ?? publicList;
  return withDatabase(async (database) => {
    const holder = keyId === null ? null : await listHolderOf(database, keyId);
    const { accepted, problems, notes } = checkSources(readPublicSchema(), sources, { holder });
    if (problems.length > 0) throw new CommandError(['nothing was published:', ...problems].join('\n  '));
    const before = new Set(
      (await readPublished(database)).filter((one) => one.keyId === list).map(({ id }) => id),
    );
    if (!dryRun) {
      await publishDocuments(
        database,
        list,
        accepted.map(({ stored }) => stored),
      );
    }
    const done = dryRun ? 'would publish' : 'published';
    const lines = accepted.map(
      ({ document }) => `${before.has(document.id) ? 'unchanged' : done}  ${describeDocument(document)}`,
    );
    return [...lines, ...notes.map((note) => `note: ${note}`)];
  });
}
