import {
  Kind,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { documentLimits, saturated } from './document-limits.ts';
import { fieldComparisons } from './field-comparisons.ts';

/** What an operation has, with every spread of a fragment counted anew. */
export interface Shape {
  /** Fields from the root to the deepest one, but for what lies below `__schema` and `__type`. */
  readonly depth: number;
  readonly aliases: number;
  readonly rootFields: number;
  readonly directives: number;
}

export interface DocumentShape extends Shape {
  /** See `fieldComparisons`; counted no further than to the limit. */
  readonly comparisons: number;
  /** Whether `__schema` or `__type` stands anywhere. */
  readonly introspects: boolean;
  /** An alias that begins with `__`, which GraphQL keeps for itself; null where there is none. */
  readonly reservedAlias: string | null;
}

/**
 * Measures each operation of `document` and returns the greatest of each measure. Linear in the document, as each
 * fragment is measured once; one that spreads itself counts as nothing there, which GraphQL's validation refuses.
 */
export function shapeOfDocument(document: DocumentNode): DocumentShape {
  const reader = new ShapeReader(document);
  const shapes: Shape[] = [];
  for (const definition of document.definitions) {
    if (definition.kind === Kind.OPERATION_DEFINITION) shapes.push(reader.operation(definition));
    // Read for what it may hide, although an operation need not spread it.
    if (definition.kind === Kind.FRAGMENT_DEFINITION) reader.fragment(definition.name.value);
  }
  const greatest = (measure: keyof Shape): number => Math.max(0, ...shapes.map((shape) => shape[measure]));
  return {
    depth: greatest('depth'),
    aliases: greatest('aliases'),
    rootFields: greatest('rootFields'),
    directives: greatest('directives'),
    comparisons: fieldComparisons(document, documentLimits.comparisons),
    introspects: reader.introspects,
    reservedAlias: reader.reservedAlias,
  };
}

const empty: Shape = { depth: 0, aliases: 0, rootFields: 0, directives: 0 };

class ShapeReader {
  introspects = false;
  reservedAlias: string | null = null;
  readonly #definitions = new Map<string, FragmentDefinitionNode>();
  readonly #fragments = new Map<string, Shape>();

  constructor(document: DocumentNode) {
    for (const definition of document.definitions) {
      if (definition.kind === Kind.FRAGMENT_DEFINITION) {
        this.#definitions.set(definition.name.value, definition);
      }
    }
  }

  operation({ selectionSet, directives, variableDefinitions }: OperationDefinitionNode): Shape {
    const shape = this.#selectionSet(selectionSet);
    const onVariables = (variableDefinitions ?? []).flatMap((variable) => variable.directives ?? []);
    return { ...shape, directives: shape.directives + (directives ?? []).length + onVariables.length };
  }

  fragment(name: string): Shape {
    const known = this.#fragments.get(name);
    if (known !== undefined) return known;
    const definition = this.#definitions.get(name);
    if (definition === undefined) return empty;
    // Stands while the fragment is read, for a spread of itself.
    this.#fragments.set(name, empty);
    const inner = this.#selectionSet(definition.selectionSet);
    const shape = { ...inner, directives: inner.directives + (definition.directives ?? []).length };
    this.#fragments.set(name, shape);
    return shape;
  }

  #selectionSet({ selections }: SelectionSetNode): Shape {
    let sum = empty;
    for (const selection of selections) {
      const inner =
        selection.kind === Kind.FIELD
          ? this.#field(selection)
          : selection.kind === Kind.FRAGMENT_SPREAD
            ? this.fragment(selection.name.value)
            : this.#selectionSet(selection.selectionSet);
      sum = {
        depth: Math.max(sum.depth, inner.depth),
        aliases: saturated(sum.aliases + inner.aliases),
        rootFields: saturated(sum.rootFields + inner.rootFields),
        directives: saturated(sum.directives + inner.directives + (selection.directives ?? []).length),
      };
    }
    return sum;
  }

  #field({ name, alias, selectionSet }: FieldNode): Shape {
    const below = selectionSet === undefined ? empty : this.#selectionSet(selectionSet);
    const isIntrospection = name.value === '__schema' || name.value === '__type';
    if (isIntrospection) this.introspects = true;
    if (alias?.value.startsWith('__') === true) this.reservedAlias = alias.value;
    return {
      depth: 1 + (isIntrospection ? 0 : below.depth),
      aliases: saturated(below.aliases + (alias === undefined ? 0 : 1)),
      rootFields: 1,
      directives: below.directives,
    };
  }
}
