import {
  getNamedType,
  getOperationAST,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type DirectiveNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  type SelectionSetNode,
} from 'graphql';

/** What an operation selects, with fragments merged: made once per document. */
export interface Shape {
  readonly fields: Map<string, ShapeField>;
}

interface ShapeField {
  readonly type: GraphQLOutputType;
  /** The ways the field is selected; it is expected when one of them is included. */
  readonly conditions: Condition[];
  /** Null for a leaf. */
  readonly shape: Shape | null;
}

/** Every part must hold for the field to be included: a constant, or a variable that must have a value. */
type Condition = readonly (boolean | { readonly variable: string; readonly expected: boolean })[];

type Variables = Readonly<Record<string, unknown>>;

/** A null where the schema promises a value: the nearest nullable parent becomes null (GraphQL, section 6.4.4). */
const violation = Symbol('null where the schema promises a value');

/**
 * Makes `data` keep the schema's promises, in place, and returns it, or null when the loss reaches the root. The
 * query plan's projection leaves `null`, or an object without its required fields, where an entity is gone.
 */
export function propagateNulls(
  shape: Shape,
  data: unknown,
  variables: Variables,
): Record<string, unknown> | null {
  const completed = completeObject(shape, data, variables);
  return isRecord(completed) ? completed : null;
}

/** Returns the shape of `operationName` in `document`; null where there is no such operation. */
export function shapeOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | null | undefined,
): Shape | null {
  const operation = getOperationAST(document, operationName);
  const root = operation == null ? null : schema.getRootType(operation.operation);
  if (operation == null || root == null) return null;
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const shape: Shape = { fields: new Map() };
  collect(shape, operation.selectionSet, root, fragments, []);
  return shape;
}

function collect(
  into: Shape,
  selectionSet: SelectionSetNode,
  parent: GraphQLObjectType,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  outer: Condition,
): void {
  for (const selection of selectionSet.selections) {
    const condition = [...outer, ...conditionOf(selection.directives ?? [])];
    if (selection.kind === Kind.FIELD) {
      const definition = parent.getFields()[selection.name.value];
      // Introspection is answered by the gateway itself and is whole.
      if (definition === undefined) continue;
      const key = selection.alias?.value ?? selection.name.value;
      const named = getNamedType(definition.type);
      const known = into.fields.get(key);
      const field: ShapeField = known ?? {
        type: definition.type,
        conditions: [],
        shape: isObjectType(named) ? { fields: new Map() } : null,
      };
      field.conditions.push(condition);
      into.fields.set(key, field);
      if (field.shape !== null && selection.selectionSet !== undefined && isObjectType(named)) {
        collect(field.shape, selection.selectionSet, named, fragments, []);
      }
      continue;
    }
    // The schema has no interface and no union, so a fragment always applies.
    const fragment =
      selection.kind === Kind.FRAGMENT_SPREAD ? fragments.get(selection.name.value) : selection;
    if (fragment !== undefined) collect(into, fragment.selectionSet, parent, fragments, condition);
  }
}

function conditionOf(directives: readonly DirectiveNode[]): Condition {
  return directives
    .filter(({ name }) => name.value === 'include' || name.value === 'skip')
    .map(({ name, arguments: given }) => {
      const expected = name.value === 'include';
      const value = given?.[0]?.value;
      if (value?.kind === Kind.VARIABLE) return { variable: value.name.value, expected };
      return value?.kind === Kind.BOOLEAN && value.value === expected;
    });
}

function isIncluded(condition: Condition, variables: Variables): boolean {
  return condition.every((part) =>
    typeof part === 'boolean' ? part : (variables[part.variable] === true) === part.expected,
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function completeObject(shape: Shape, value: unknown, variables: Variables): unknown {
  if (!isRecord(value)) return violation;
  for (const [key, field] of shape.fields) {
    const found = value[key];
    if (found === undefined && !field.conditions.some((condition) => isIncluded(condition, variables)))
      continue;
    const completed = complete(field.type, field.shape, found, variables);
    if (completed === violation) return violation;
    if (completed !== found) value[key] = completed;
  }
  return value;
}

function complete(
  type: GraphQLOutputType,
  shape: Shape | null,
  value: unknown,
  variables: Variables,
): unknown {
  if (isNonNullType(type)) {
    const inner = complete(type.ofType, shape, value, variables);
    return inner === null ? violation : inner;
  }
  if (value === null || value === undefined) return null;
  if (isListType(type)) return completeList(type.ofType, shape, value, variables);
  if (shape === null) return value;
  const completed = completeObject(shape, value, variables);
  return completed === violation ? null : completed;
}

function completeList(
  itemType: GraphQLOutputType,
  shape: Shape | null,
  value: unknown,
  variables: Variables,
): unknown {
  if (!Array.isArray(value)) return null;
  for (const [index, item] of value.entries()) {
    const completed = complete(itemType, shape, item, variables);
    if (completed === violation) return null;
    if (completed !== item) value[index] = completed;
  }
  return value;
}
