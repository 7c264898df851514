import {
  getNamedType,
  isInputObjectType,
  Kind,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type ASTNode,
  type DocumentNode,
  type GraphQLSchema,
} from 'graphql';

/**
 * Returns what the schema says of each variable of a document: the description of the argument or the input field that it is
 * given to first. A variable that only decides over a selection is described by what it decides over.
 */
export function variableDescriptions(document: DocumentNode, schema: GraphQLSchema): Map<string, string> {
  const found = new Map<string, string>();
  const types = new TypeInfo(schema);
  visit(
    document,
    visitWithTypeInfo(types, {
      Variable: ({ name: { value: name } }, _key, parent, _path, ancestors) => {
        const description = descriptionAt(types, parent, ancestors);
        if (description !== null && !found.has(name)) found.set(name, description);
      },
    }),
  );
  return found;
}

function descriptionAt(
  types: TypeInfo,
  holder: ASTNode | readonly ASTNode[] | undefined,
  ancestors: readonly (ASTNode | readonly ASTNode[])[],
): string | null {
  if (holder === undefined || !('kind' in holder)) return null;
  if (holder.kind === Kind.OBJECT_FIELD) {
    // The object may be required, or one of a list.
    const parent = getNamedType(types.getParentInputType());
    return isInputObjectType(parent) ? (parent.getFields()[holder.name.value]?.description ?? null) : null;
  }
  if (holder.kind !== Kind.ARGUMENT) return null;
  const directive = types.getDirective();
  if (directive == null) return types.getArgument()?.description ?? null;
  const decided = ancestors.findLast((one) => 'kind' in one && one.kind === Kind.FIELD);
  if (decided === undefined || !('kind' in decided) || decided.kind !== Kind.FIELD) return null;
  const key = decided.alias?.value ?? decided.name.value;
  return directive.name === 'skip' ? `Leaves out \`${key}\`.` : `Whether the answer has \`${key}\`.`;
}
