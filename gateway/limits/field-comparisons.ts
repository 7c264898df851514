import {
  Kind,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

/**
 * Counts what GraphQL's validation does to tell whether fields can be merged (GraphQL, section 5.3.2): it collects the fields
 * of each selection set, through fragments, and compares each two of one name, with all that is selected below them. No
 * other rule takes more than a document's length. Ends soon after `most`.
 */
export function fieldComparisons(document: DocumentNode, most: number): number {
  const counter = new ComparisonCounter(document, most);
  for (const definition of document.definitions) {
    if ('selectionSet' in definition) counter.countAll(definition.selectionSet);
  }
  return counter.count;
}

class ComparisonCounter {
  count = 0;
  readonly #most: number;
  readonly #fragments = new Map<string, FragmentDefinitionNode>();

  constructor(document: DocumentNode, most: number) {
    this.#most = most;
    for (const definition of document.definitions) {
      if (definition.kind === Kind.FRAGMENT_DEFINITION)
        this.#fragments.set(definition.name.value, definition);
    }
  }

  /** Counts for `selectionSet`, and for each one that is written in it. */
  countAll(selectionSet: SelectionSetNode): void {
    this.#countMerged([selectionSet]);
    for (const selection of selectionSet.selections) {
      if (this.count > this.#most) return;
      if (selection.kind !== Kind.FRAGMENT_SPREAD && selection.selectionSet !== undefined) {
        this.countAll(selection.selectionSet);
      }
    }
  }

  /** Counts for selection sets whose fields are merged into one object. */
  #countMerged(selectionSets: readonly SelectionSetNode[]): void {
    const byName = new Map<string, FieldNode[]>();
    const spread = new Set<string>();
    for (const selectionSet of selectionSets) this.#collect(selectionSet, byName, spread);
    for (const fields of byName.values()) {
      this.count += (fields.length * (fields.length - 1)) / 2;
      if (this.count > this.#most) return;
      const below = fields.flatMap(({ selectionSet }) => selectionSet ?? []);
      // A single one is counted where it is written.
      if (below.length > 1) this.#countMerged(below);
    }
  }

  #collect({ selections }: SelectionSetNode, byName: Map<string, FieldNode[]>, spread: Set<string>): void {
    for (const selection of selections) {
      if (this.count > this.#most) return;
      if (selection.kind === Kind.FIELD) {
        this.count++;
        const name = selection.alias?.value ?? selection.name.value;
        const fields = byName.get(name);
        if (fields === undefined) byName.set(name, [selection]);
        else fields.push(selection);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        this.#collect(selection.selectionSet, byName, spread);
      } else if (!spread.has(selection.name.value)) {
        spread.add(selection.name.value);
        const fragment = this.#fragments.get(selection.name.value);
        if (fragment !== undefined) this.#collect(fragment.selectionSet, byName, spread);
      }
    }
  }
}
