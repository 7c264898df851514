import {
  getOperationAST,
  GraphQLError,
  Kind,
  type DocumentNode,
  type OperationDefinitionNode,
} from 'graphql';
import { hasScope, type Caller } from '#platform/caller/caller.ts';
import { bodyTooLarge, maxBodyBytes } from '#platform/http/body.ts';

/** Mutations whose variables may fill a large body, of any caller who is known. */
const largeBatches: ReadonlySet<string> = new Set(['recordInteractions', 'trackMetric']);

/** Bytes at the beginning of a body, and as many at its end, in one of which every client puts the operation. */
const edgeBytes = 8 * 1024;

const mutationNames = new RegExp([...largeBatches].join('|'));
/** A member of the body's JSON that may name a persisted document: see `requestedId`. */
const documentIds = /"(?:documentId|sha256Hash|doc_id|id)"\s*:\s*"([^"\\]{1,200})"/g;

/** Whether `operationName` in `document` is nothing but such mutations, written at its root and not in a fragment. */
export function isLargeBatch(document: DocumentNode, operationName: string | null | undefined): boolean {
  const operation = getOperationAST(document, operationName);
  return operation != null && isBatchOperation(operation);
}

/** The same of an operation. */
export function isBatchOperation({ selectionSet }: OperationDefinitionNode): boolean {
  return selectionSet.selections.every(
    (selection) => selection.kind === Kind.FIELD && largeBatches.has(selection.name.value),
  );
}

/**
 * Refuses a large body that can be no such batch, before it is parsed: neither its first nor its last 8 KB have the name
 * of such a mutation or of a document that `isBatchDocument` knows. What passes is judged again by its operation. A
 * caller with scope `catalogue` may send what it likes.
 * @throws HttpError 413
 */
export function checkLargeBody(body: Buffer, caller: Caller, isBatchDocument: (id: string) => boolean): void {
  if (body.length <= maxBodyBytes || hasScope(caller, 'catalogue')) return;
  const isNamedIn = (edge: string): boolean =>
    mutationNames.test(edge) ||
    [...edge.matchAll(documentIds)].some(([, id]) => id !== undefined && isBatchDocument(id));
  const edges = [body.subarray(0, edgeBytes), body.subarray(-edgeBytes)];
  if (!edges.some((edge) => isNamedIn(edge.toString('latin1')))) throw bodyTooLarge(maxBodyBytes);
}

/** The refusal of a large body of any other operation, as an error of GraphQL's with its status. */
export function largeBodyRefused(): GraphQLError {
  const { message, code, status } = bodyTooLarge(maxBodyBytes);
  return new GraphQLError(message, { extensions: { code, http: { status } } });
}
