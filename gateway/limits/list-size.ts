import {
  getNamedType,
  getNullableType,
  isInputObjectType,
  isListType,
  Kind,
  OperationTypeNode,
  valueFromASTUntyped,
  type FieldNode,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type OperationDefinitionNode,
  type ValueNode,
} from 'graphql';
import { saturated } from './document-limits.ts';

/** Entries that a list without an argument counts as, such as `categories` or `ranking.stages`. */
export const assumedListSize = 20;

/** Entries of a page and ids of a read at most; a subgraph refuses more. */
const maxPageSize = 100;
/** Entries of a mutation's batch at most; a subgraph refuses more. */
const maxBatchSize = 500;

export type Variables = Readonly<Record<string, unknown>>;

/** Where the number of entries below a field comes from. */
export type ListSize =
  | { readonly kind: 'fixed'; readonly entries: number }
  | {
      readonly kind: 'variable';
      readonly name: string;
      readonly measure: Measure;
      /** Counts where the request leaves the variable out. */
      readonly absent: number;
      /** Counts where the variables are not known yet, or hold what will not be accepted. */
      readonly greatest: number;
    }
  | { readonly kind: 'largest'; readonly of: readonly ListSize[] };

/** Returns the entries that a value asks for; null for a value that fails when it is coerced. */
type Measure = (value: unknown) => number | null;

interface Sizing {
  readonly measure: Measure;
  readonly greatest: number;
  readonly operation: OperationDefinitionNode;
}

/**
 * How many entries the arguments of `node` ask for: its `first`, else the longest list among its arguments, which may
 * stand inside an input object. Null for a field without such an argument.
 */
export function listSizeOf(
  field: GraphQLField<unknown, unknown>,
  node: FieldNode,
  operation: OperationDefinitionNode,
): ListSize | null {
  const first = field.args.find(({ name }) => name === 'first');
  if (first !== undefined) {
    return sizeOfArgument(first, node, { measure: countOf, greatest: maxPageSize, operation });
  }
  const lists = field.args.filter(({ type }) => isList(type) || listFieldsOf(type).length > 0);
  if (lists.length === 0) return null;
  const greatest = operation.operation === OperationTypeNode.MUTATION ? maxBatchSize : maxPageSize;
  return {
    kind: 'largest',
    of: lists.map((list) => sizeOfArgument(list, node, { measure: longestListOf, greatest, operation })),
  };
}

/** The entries of `size`, at least one; `variables` are null before any request, and count as the greatest. */
export function entriesOf(size: ListSize, variables: Variables | null): number {
  if (size.kind === 'fixed') return Math.max(1, size.entries);
  if (size.kind === 'largest') return Math.max(1, ...size.of.map((part) => entriesOf(part, variables)));
  if (variables === null) return Math.max(1, size.greatest, size.absent);
  const value = Object.hasOwn(variables, size.name) ? variables[size.name] : undefined;
  return Math.max(1, value === undefined ? size.absent : (size.measure(value) ?? size.greatest));
}

function sizeOfArgument(argument: GraphQLArgument, node: FieldNode, sizing: Sizing): ListSize {
  const given = node.arguments?.find(({ name }) => name.value === argument.name)?.value;
  const byDefault = sizing.measure(argument.defaultValue);
  if (given !== undefined) return sizeOfValue(given, argument.type, byDefault, sizing);
  return { kind: 'fixed', entries: byDefault ?? assumedListSize };
}

function sizeOfValue(
  value: ValueNode,
  type: GraphQLInputType,
  byDefault: number | null,
  sizing: Sizing,
): ListSize {
  const { measure, greatest, operation } = sizing;
  if (value.kind === Kind.VARIABLE) {
    const name = value.name.value;
    const definition = operation.variableDefinitions?.find(({ variable }) => variable.name.value === name);
    const declared =
      definition?.defaultValue === undefined ? null : measure(valueFromASTUntyped(definition.defaultValue));
    return { kind: 'variable', name, measure, absent: declared ?? byDefault ?? greatest, greatest };
  }
  if (value.kind === Kind.LIST) return { kind: 'fixed', entries: value.values.length };
  if (value.kind === Kind.OBJECT) {
    const lists = new Map(listFieldsOf(type));
    const parts = value.fields.flatMap((field) => {
      const fieldType = lists.get(field.name.value);
      return fieldType === undefined ? [] : [sizeOfValue(field.value, fieldType, null, sizing)];
    });
    return { kind: 'largest', of: parts };
  }
  return { kind: 'fixed', entries: measure(valueFromASTUntyped(value)) ?? greatest };
}

/** JSON can write a number that is infinite here, and nothing times infinity would be no number. */
const countOf: Measure = (value) => (typeof value === 'number' ? saturated(value) : null);

/** Any value but a list is a list of one (GraphQL, section 3.11), or an input object with lists in it. */
const longestListOf: Measure = (value) => {
  if (value === undefined) return null;
  if (Array.isArray(value)) return value.length;
  if (typeof value !== 'object' || value === null) return 1;
  return Object.values(value).reduce<number>(
    (longest, part) => (Array.isArray(part) ? Math.max(longest, part.length) : longest),
    1,
  );
};

function isList(type: GraphQLInputType): boolean {
  return isListType(getNullableType(type));
}

function listFieldsOf(type: GraphQLInputType): [name: string, type: GraphQLInputType][] {
  const named = getNamedType(type);
  if (!isInputObjectType(named)) return [];
  return Object.values(named.getFields())
    .filter((field) => isList(field.type))
    .map((field) => [field.name, field.type]);
}
