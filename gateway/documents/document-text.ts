import { createHash } from 'node:crypto';
import { Kind, print, visit, type DefinitionNode, type DocumentNode } from 'graphql';

/** A document's id: the SHA-256 of its text in UTF-8, hex, as GraphQL over HTTP has it in its appendix A. */
export function idOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The text that stands for all spellings of `document`: as GraphQL.js, and with it Apollo Client, prints it. */
export function normalisedText(document: DocumentNode): string {
  return print(document);
}

/**
 * The ids that clients compute for `document` from texts that mean the same: of `source` as it was written, with and
 * without the line break at its end, and of the definitions in the order in which Apollo's
 * `generatePersistedQueryIdsAtRuntime` and its manifests put them.
 */
export function equivalentIds(document: DocumentNode, source: string): string[] {
  return [...new Set([source, source.trimEnd(), print(sortedDefinitions(document))].map(idOf))];
}

/**
 * `document` with `__typename` in each selection but the operation's own, which is what a client with Apollo's cache
 * sends and hashes in place of what was written.
 */
export function withTypenames(document: DocumentNode): DocumentNode {
  return visit(document, {
    SelectionSet: (node, _key, parent) => {
      if (parent === undefined || !('kind' in parent) || parent.kind === Kind.OPERATION_DEFINITION)
        return undefined;
      const isNamed = node.selections.some(
        (selection) => selection.kind === Kind.FIELD && selection.name.value.startsWith('__'),
      );
      return isNamed ? undefined : { ...node, selections: [...node.selections, typename] };
    },
  });
}

const typename = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } } as const;

/** Operations before fragments, each by name. */
function sortedDefinitions(document: DocumentNode): DocumentNode {
  const byKindAndName = (a: DefinitionNode, b: DefinitionNode): number =>
    compare(b.kind, a.kind) || compare(nameOf(a), nameOf(b));
  return { ...document, definitions: document.definitions.toSorted(byKindAndName) };
}

function nameOf(definition: DefinitionNode): string {
  return 'name' in definition ? (definition.name?.value ?? '') : '';
}

/** By code units, as the client does, and not by a language's rules. */
function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
