import {
  GraphQLNonNull,
  GraphQLString,
  isCompositeType,
  Kind,
  typeFromAST,
  TypeNameMetaFieldDef,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/** One key of an answer's object. */
export interface SelectedField {
  readonly field: GraphQLField<unknown, unknown>;
  /** Every selection under this key; their selection sets merge. */
  readonly nodes: readonly FieldNode[];
  /** Whether a directive may leave it out, so that the key can be absent. */
  readonly conditional: boolean;
}

/**
 * Returns what selections on an object of `type` answer, by response key, in order (GraphQL, CollectFields). An introspection
 * field other than `__typename` is left out.
 */
export function selectedFields(
  schema: GraphQLSchema,
  type: GraphQLObjectType,
  selectionSets: readonly SelectionSetNode[],
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): Map<string, SelectedField> {
  const selected = new Map<string, SelectedField>();

  const add = (node: FieldNode, conditional: boolean): void => {
    const field = fieldOf(type, node.name.value);
    if (field === null) return;
    const key = node.alias?.value ?? node.name.value;
    const known = selected.get(key);
    selected.set(key, {
      field,
      nodes: [...(known?.nodes ?? []), node],
      conditional: conditional && (known?.conditional ?? true),
    });
  };

  const walk = (selections: readonly SelectionNode[], outer: boolean): void => {
    for (const node of selections) {
      const conditional =
        outer ||
        (node.directives ?? []).some(({ name }) => name.value === 'skip' || name.value === 'include');
      if (node.kind === Kind.FIELD) {
        add(node, conditional);
        continue;
      }
      const fragment = node.kind === Kind.INLINE_FRAGMENT ? node : fragments.get(node.name.value);
      if (fragment !== undefined && applies(schema, fragment.typeCondition, type)) {
        walk(fragment.selectionSet.selections, conditional);
      }
    }
  };

  for (const { selections } of selectionSets) walk(selections, false);
  return selected;
}

function fieldOf(type: GraphQLObjectType, name: string): GraphQLField<unknown, unknown> | null {
  if (name === TypeNameMetaFieldDef.name) {
    return { ...TypeNameMetaFieldDef, type: new GraphQLNonNull(GraphQLString) };
  }
  return type.getFields()[name] ?? null;
}

function applies(
  schema: GraphQLSchema,
  condition: FragmentDefinitionNode['typeCondition'] | undefined,
  type: GraphQLObjectType,
): boolean {
  if (condition === undefined) return true;
  const on = typeFromAST(schema, condition);
  if (on === type) return true;
  return isCompositeType(on) && 'getTypes' in on
    ? on.getTypes().includes(type)
    : type.getInterfaces().some((one) => one === on);
}
