import { Kind, type DocumentNode, type GraphQLSchema } from 'graphql';
import { RequestError } from '#platform/errors/request-error.ts';
import { documentCost } from './document-cost.ts';
import { documentLimits } from './document-limits.ts';
import { shapeOfDocument, type DocumentShape } from './document-shape.ts';

/**
 * Checks a parsed document whose variables are not known yet, each size at the greatest that is allowed.
 * @throws RequestError `QUERY_TOO_COMPLEX`, which names the limit and what was measured.
 */
export function checkDocument(schema: GraphQLSchema, document: DocumentNode): void {
  checkShape(shapeOfDocument(document));
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    checkCost(documentCost(schema, document, definition.name?.value, null));
  }
}

/** @throws RequestError `QUERY_TOO_COMPLEX` for a shape over a limit. */
export function checkShape(shape: DocumentShape): void {
  const { depth, aliases, rootFields, directives, comparisons, reservedAlias } = shape;
  if (reservedAlias !== null) {
    throw tooComplex(`The alias ${reservedAlias} begins with __, which GraphQL keeps for itself. Rename it.`);
  }
  refuseOver(documentLimits.depth, depth, 'is {} fields deep');
  refuseOver(documentLimits.aliases, aliases, 'has {} aliases, counted through its fragments');
  refuseOver(documentLimits.rootFields, rootFields, 'has {} root fields');
  refuseOver(documentLimits.directives, directives, 'has {} directives, counted through its fragments');
  refuseOver(documentLimits.comparisons, comparisons, 'takes {} comparisons of fields of one name, or more');
}

/** @throws RequestError `QUERY_TOO_COMPLEX` for a cost over the limit. */
export function checkCost(cost: number): void {
  refuseOver(documentLimits.cost, cost, 'costs {}, counted through its fragments, lists and variables');
}

/** A `QUERY_TOO_COMPLEX` error. */
export function tooComplex(message: string): RequestError {
  return new RequestError('QUERY_TOO_COMPLEX', message);
}

function refuseOver(limit: number, measured: number, what: string): void {
  if (measured > limit)
    throw tooComplex(`The document ${what.replace('{}', String(measured))}; the limit is ${limit}.`);
}
