import { getOperationAST, GraphQLError, Kind, type DocumentNode } from 'graphql';
import { bodyTooLarge, maxBodyBytes } from '#platform/http/body.ts';

/** Mutations whose variables may fill a large body, whoever sends them. */
const largeBatches: ReadonlySet<string> = new Set(['recordInteractions', 'trackMetric']);

/** Whether `operationName` in `document` is nothing but such mutations, written at its root and not in a fragment. */
export function isLargeBatch(document: DocumentNode, operationName: string | null | undefined): boolean {
  const operation = getOperationAST(document, operationName);
  return (
    operation?.selectionSet.selections.every(
      (selection) => selection.kind === Kind.FIELD && largeBatches.has(selection.name.value),
    ) === true
  );
}

/** The refusal of a large body of any other operation, as an error of GraphQL's with its status. */
export function largeBodyRefused(): GraphQLError {
  const { message, code, status } = bodyTooLarge(maxBodyBytes);
  return new GraphQLError(message, { extensions: { code, http: { status } } });
}
