import { visit, type DocumentNode, type GraphQLSchema } from 'graphql';

/** Stands in for the limits until they are here: counts fields. */
export function documentCost(
  _schema: GraphQLSchema,
  document: DocumentNode,
  _operationName: string | null | undefined,
  _variables: Readonly<Record<string, unknown>>,
): number {
  let fields = 0;
  visit(document, { Field: () => void fields++ });
  return fields;
}
