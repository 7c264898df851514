import type { GraphQLSchema } from 'graphql';
import type { ListHolder } from '../../gateway/documents/closed-fields.ts';
import { aliasProblem, bareId } from '../../gateway/documents/document-alias.ts';
import type { NewDocument } from '../../gateway/documents/document-store.ts';
import { newDocument } from '../../gateway/documents/new-document.ts';
import { registerDocument } from '../../gateway/documents/register-document.ts';
import type { RegisteredDocument } from '../../gateway/documents/registered-document.ts';
import type { SourceDocument } from './read-document-files.ts';

/** What the documents of some files are, and everything that is wrong or worth saying. */
export interface CheckedSources {
  readonly accepted: readonly { readonly document: RegisteredDocument; readonly stored: NewDocument }[];
  /** `place:line: message` */
  readonly problems: readonly string[];
  /** As the problems; nothing is refused for them. */
  readonly notes: readonly string[];
}

/**
 * Checks every document of `sources` by itself, its id, and that no two share a name; `holder` is the key of the list that
 * they are for, null for the list of everybody.
 */
export function checkSources(
  schema: GraphQLSchema,
  sources: readonly SourceDocument[],
  { holder }: { holder: ListHolder | null },
): CheckedSources {
  const accepted = new Map<string, { document: RegisteredDocument; stored: NewDocument }>();
  const placeOfName = new Map<string, { place: string; id: string }>();
  const problems: string[] = [];
  const notes: string[] = [];
  for (const { place, text, alias } of sources) {
    const registration = registerDocument(schema, text, { holder });
    if (!registration.accepted) {
      problems.push(...registration.problems.map(({ line, message }) => `${place}:${line}: ${message}`));
      continue;
    }
    const { document } = registration;
    notes.push(...registration.notes.map(({ line, message }) => `${place}:${line}: ${message}`));
    const given = alias === null ? null : bareId(alias);
    const wrongAlias = given === null ? null : aliasProblem(given, text);
    if (wrongAlias !== null) problems.push(`${place}:1: ${wrongAlias}`);
    const namesake = placeOfName.get(document.name);
    if (namesake !== undefined && namesake.id !== document.id) {
      problems.push(`${place}:1: ${namesake.place} has another document of the name ${document.name}.`);
    }
    placeOfName.set(document.name, { place, id: document.id });
    const stored = newDocument(document, text, given);
    const before = accepted.get(document.id)?.stored.aliases ?? [];
    accepted.set(document.id, {
      document,
      stored: { ...stored, aliases: [...new Set([...before, ...stored.aliases])] },
    });
  }
  return { accepted: [...accepted.values()], problems, notes };
}
