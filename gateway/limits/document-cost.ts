import {
  getNamedType,
  getNullableType,
  getOperationAST,
  isCompositeType,
  isInterfaceType,
  isLeafType,
  isListType,
  isObjectType,
  Kind,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { saturated } from './document-limits.ts';
import { assumedListSize, entriesOf, listSizeOf, type ListSize, type Variables } from './list-size.ts';

/** A root field of a mutation writes, which is dearer than to read one object. */
const mutationCost = 10;

/**
 * The cost of `operationName` in `document`: one for each object that it may answer, ten for each root field of a
 * mutation, nothing for scalars and introspection. `variables` are those of a request; null counts each size at the
 * greatest that is allowed, for an upper bound before any request. Zero where there is no such operation.
 */
export function documentCost(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | null | undefined,
  variables: Variables | null,
): number {
  return costFormula(schema, document, operationName)(variables);
}

/**
 * As `documentCost`, for a document that comes again: what its variables do not change is counted here, once. Time
 * and memory are linear in the document, as each fragment is counted once however often it is spread. A fragment
 * that spreads itself counts as nothing there, which GraphQL's validation refuses.
 */
export function costFormula(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | null | undefined,
): (variables: Variables | null) => number {
  const operation = getOperationAST(document, operationName);
  const root = operation == null ? null : schema.getRootType(operation.operation);
  if (operation == null || root == null) return () => 0;
  const group = new GroupReader(schema, document, operation).read(operation.selectionSet, root);
  const { constant } = group;
  if (constant !== null) return () => costWithin(constant, assumedListSize);
  return (variables) => costWithin(evaluate(group, variables, new Map()), assumedListSize);
}

/** What a selection set costs: `fixed`, and `perEntry` for each entry of the field around it. */
interface Cost {
  readonly fixed: number;
  readonly perEntry: number;
}

/** A selection set, or a fragment's, which several places may share. */
interface Group {
  readonly fields: readonly FieldCost[];
  readonly spreads: readonly Group[];
  /** Null where a variable has a part in it. */
  readonly constant: Cost | null;
}

interface FieldCost {
  readonly weight: number;
  readonly isList: boolean;
  readonly size: ListSize | null;
  readonly below: Group | null;
}

const nothing: Group = { fields: [], spreads: [], constant: { fixed: 0, perEntry: 0 } };

function costWithin({ fixed, perEntry }: Cost, entries: number): number {
  return saturated(fixed + saturated(perEntry * entries));
}

function evaluate(group: Group, variables: Variables | null, known: Map<Group, Cost>): Cost {
  const cost = group.constant ?? known.get(group);
  if (cost !== undefined) return cost;
  const counted = sum(group.fields, group.spreads, (part) => evaluate(part, variables, known), variables);
  known.set(group, counted);
  return counted;
}

function sum(
  fields: readonly FieldCost[],
  spreads: readonly Group[],
  costOf: (group: Group) => Cost,
  variables: Variables | null,
): Cost {
  let fixed = 0;
  let perEntry = 0;
  for (const { weight, isList, size, below } of fields) {
    const entries = size === null ? null : entriesOf(size, variables);
    // A connection hands its `first` on to the lists right below it, such as `edges`.
    const inner =
      below === null ? 0 : costWithin(costOf(below), isList ? assumedListSize : (entries ?? assumedListSize));
    const one = saturated(weight + inner);
    if (isList && entries === null) perEntry = saturated(perEntry + one);
    else fixed = saturated(fixed + saturated(isList ? one * (entries ?? 1) : one));
  }
  for (const spread of spreads) {
    const cost = costOf(spread);
    fixed = saturated(fixed + cost.fixed);
    perEntry = saturated(perEntry + cost.perEntry);
  }
  return { fixed, perEntry };
}

class GroupReader {
  readonly #schema: GraphQLSchema;
  readonly #operation: OperationDefinitionNode;
  readonly #definitions = new Map<string, FragmentDefinitionNode>();
  readonly #fragments = new Map<string, Group>();

  constructor(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode) {
    this.#schema = schema;
    this.#operation = operation;
    for (const definition of document.definitions) {
      if (definition.kind === Kind.FRAGMENT_DEFINITION) {
        this.#definitions.set(definition.name.value, definition);
      }
    }
  }

  read(selectionSet: SelectionSetNode, parent: GraphQLCompositeType): Group {
    const fields: FieldCost[] = [];
    const spreads: Group[] = [];
    for (const selection of selectionSet.selections) {
      if (selection.kind === Kind.FIELD) fields.push(...this.#field(selection, parent));
      else if (selection.kind === Kind.FRAGMENT_SPREAD) spreads.push(this.#fragment(selection.name.value));
      else {
        const type = this.#type(selection.typeCondition?.name.value) ?? parent;
        spreads.push(this.read(selection.selectionSet, type));
      }
    }
    const isConstant =
      fields.every(
        ({ size, below }) => (size === null || isFixed(size)) && (below === null || below.constant !== null),
      ) && spreads.every(({ constant }) => constant !== null);
    const constant = isConstant ? sum(fields, spreads, ({ constant: cost }) => cost ?? noCost, null) : null;
    return { fields, spreads, constant };
  }

  #field(node: FieldNode, parent: GraphQLCompositeType): FieldCost[] {
    const definition =
      isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[node.name.value] : undefined;
    if (definition === undefined) return [];
    const named = getNamedType(definition.type);
    const isWrite = parent === this.#schema.getMutationType();
    return [
      {
        weight: isWrite ? mutationCost : isLeafType(named) ? 0 : 1,
        isList: isListType(getNullableType(definition.type)),
        size: listSizeOf(definition, node, this.#operation),
        below:
          node.selectionSet !== undefined && isCompositeType(named)
            ? this.read(node.selectionSet, named)
            : null,
      },
    ];
  }

  #fragment(name: string): Group {
    const known = this.#fragments.get(name);
    if (known !== undefined) return known;
    const definition = this.#definitions.get(name);
    const type = this.#type(definition?.typeCondition.name.value);
    // Stands while the fragment is read, for a spread of itself.
    this.#fragments.set(name, nothing);
    const group =
      definition === undefined || type === null ? nothing : this.read(definition.selectionSet, type);
    this.#fragments.set(name, group);
    return group;
  }

  #type(name: string | undefined): GraphQLCompositeType | null {
    const type = name === undefined ? undefined : this.#schema.getType(name);
    return isCompositeType(type) ? type : null;
  }
}

const noCost: Cost = { fixed: 0, perEntry: 0 };

function isFixed(size: ListSize): boolean {
  return size.kind === 'fixed' || (size.kind === 'largest' && size.of.every(isFixed));
}
