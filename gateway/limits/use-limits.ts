import type { GatewayPlugin } from '@graphql-hive/gateway-runtime';
import type { DocumentNode, GraphQLSchema } from 'graphql';
import { hasScope } from '#platform/caller/caller.ts';
import { RequestError } from '#platform/errors/request-error.ts';
import { maxBodyBytes } from '#platform/http/body.ts';
import { requestOf, type BouquetContext } from '../execution/request-context.ts';
import { checkCost, checkShape, tooComplex } from './check-document.ts';
import { costFormula } from './document-cost.ts';
import { shapeOfDocument, type DocumentShape } from './document-shape.ts';
import { mayQueryFreely, type FreeQueryRules } from './free-queries.ts';
import { isLargeBatch, largeBodyRefused } from './large-batches.ts';
import { checkLength, parseDocument } from './parse-document.ts';
import type { Variables } from './list-size.ts';

/** What a request brings beside its document. */
interface RequestParts {
  readonly request: { readonly method: string };
  readonly params: { readonly operationName?: string; readonly variables?: Variables | null };
}

/**
 * Applies the limits to queries that are no persisted documents, in this order: batches, length and tokens, introspection by
 * callers without scope `dashboard`, queries of callers who must send documents, the document's shape, its cost. A
 * document that comes again is measured once; only what its variables change of its cost is counted anew.
 */
export function useLimits(rules: FreeQueryRules): GatewayPlugin<BouquetContext & RequestParts> {
  const measured = new MeasuredDocuments();
  return {
    onRequestParse: () => ({
      onRequestParseDone: ({ requestParserResult }) => {
        if (Array.isArray(requestParserResult)) {
          const { length } = requestParserResult;
          throw tooComplex(
            `The request is an array of ${length} operations; the limit is one, and no array. Send each alone.`,
          );
        }
      },
    }),
    onParse: ({ params: { source }, setParseFn }) => {
      checkLength(source.toString());
      setParseFn(parseDocument);
      // What is refused here is not kept by the cache of parsed documents, which is asked later.
      return ({ result, context }) => {
        if (result === null || result instanceof Error) return;
        checkRequest(context, result);
        if (requestOf(context).document === null) checkShape(measured.shapeOf(result));
      };
    },
    onValidate: ({ params: { schema, documentAST }, context }) => {
      if (requestOf(context).document !== null) return;
      const { operationName, variables } = context.params;
      checkCost(measured.costOf(schema, documentAST, operationName, variables ?? {}));
    },
  };

  /** Whether this caller may send this document at all, in a body of this size. */
  function checkRequest(context: RequestParts, node: DocumentNode): void {
    const { caller, bodyBytes, document } = requestOf(context);
    const { method } = context.request;
    const mayBeLarge = bodyBytes <= maxBodyBytes || hasScope(caller, 'catalogue');
    if (!mayBeLarge && !isLargeBatch(node, context.params.operationName)) throw largeBodyRefused();
    if (document !== null) return;
    if (measured.shapeOf(node).introspects && !hasScope(caller, 'dashboard')) {
      throw new RequestError('FORBIDDEN', 'Introspection needs scope dashboard.');
    }
    if (!mayQueryFreely(caller, method, rules)) {
      throw new RequestError('DOCUMENT_REQUIRED', documentRequired(method));
    }
  }
}

function documentRequired(method: string): string {
  return method === 'POST'
    ? 'This caller may send persisted documents only: send documentId in place of query.'
    : `By ${method} only persisted documents are answered: send documentId in place of query, or POST the query.`;
}

/** What was measured of documents, for as long as they are kept elsewhere. */
class MeasuredDocuments {
  readonly #shapes = new WeakMap<DocumentNode, DocumentShape>();
  readonly #costs = new WeakMap<DocumentNode, Map<string, ReturnType<typeof costFormula>>>();

  shapeOf(document: DocumentNode): DocumentShape {
    const known = this.#shapes.get(document);
    if (known !== undefined) return known;
    const shape = shapeOfDocument(document);
    this.#shapes.set(document, shape);
    return shape;
  }

  costOf(
    schema: GraphQLSchema,
    document: DocumentNode,
    operationName: string | undefined,
    variables: Variables,
  ): number {
    const byOperation = this.#costs.get(document) ?? new Map<string, ReturnType<typeof costFormula>>();
    this.#costs.set(document, byOperation);
    const name = operationName ?? '';
    const known = byOperation.get(name) ?? costFormula(schema, document, operationName);
    byOperation.set(name, known);
    return known(variables);
  }
}
