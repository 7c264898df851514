import type { GatewayPlugin } from '@graphql-hive/gateway-runtime';
import { validate, type DocumentNode, type GraphQLSchema } from 'graphql';
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
import { ValidationBudget } from './validation-budget.ts';

/** What a request brings beside its document. */
interface RequestParts {
  readonly request: { readonly method: string };
  readonly params: { readonly operationName?: string; readonly variables?: Variables | null };
}

/** Mistakes of a document that are told; a hundred, as GraphQL.js has it, take as long to write as to find. */
const maxErrors = 10;

/** Finds introspection in a text, and in a comment of it. */
const introspection = /__(?:schema|type)\b/;

/**
 * Applies the limits to queries that are no persisted documents, in this order: batches, queries of callers who must send
 * documents, length and tokens, introspection by callers without scope `dashboard`, the document's shape, in production the
 * caller's budget for new documents, its cost. A document that comes again is measured once; only what its variables
 * change of its cost is counted anew.
 */
export function useLimits(rules: FreeQueryRules): GatewayPlugin<BouquetContext & RequestParts> {
  const measured = new MeasuredDocuments();
  const budget = new ValidationBudget();
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
    onParse: ({ params: { source }, context, setParseFn }) => {
      checkSender(context, source.toString());
      checkLength(source.toString());
      setParseFn(parseDocument);
      // What is refused here is not kept by the cache of parsed documents, which is asked later.
      return ({ result, context: parsed }) => {
        if (result === null || result instanceof Error) return;
        checkRequest(parsed, result);
        const { caller, document } = requestOf(parsed);
        if (document !== null || measured.isAdmitted(result)) return;
        checkShape(measured.shapeOf(result));
        if (!rules.development) budget.spend(caller, result);
        measured.admit(result);
      };
    },
    onValidate: ({ params: { schema, documentAST }, context, setValidationFn }) => {
      if (requestOf(context).document !== null) return;
      setValidationFn((...[whole, node, each]) => validate(whole, node, each, { maxErrors }));
      const { operationName, variables } = context.params;
      checkCost(measured.costOf(schema, documentAST, operationName, variables ?? {}));
    },
  };

  /** Refuses a query of who must send documents, before it is parsed. */
  function checkSender(context: RequestParts, text: string): void {
    const { caller, document } = requestOf(context);
    const { method } = context.request;
    if (document !== null || mayQueryFreely(caller, method, rules)) return;
    if (introspection.test(text) && !hasScope(caller, 'dashboard')) throw introspectionRefused();
    throw new RequestError('DOCUMENT_REQUIRED', documentRequired(method));
  }

  /** Refuses what this caller may not send: a large body of another operation, and introspection. */
  function checkRequest(context: RequestParts, node: DocumentNode): void {
    const { caller, bodyBytes, document } = requestOf(context);
    const mayBeLarge = bodyBytes <= maxBodyBytes || hasScope(caller, 'catalogue');
    if (!mayBeLarge && !isLargeBatch(node, context.params.operationName)) throw largeBodyRefused();
    const isOpen = document !== null || hasScope(caller, 'dashboard');
    if (!isOpen && measured.shapeOf(node).introspects) throw introspectionRefused();
  }
}

function introspectionRefused(): RequestError {
  return new RequestError('FORBIDDEN', 'Introspection needs scope dashboard.');
}

function documentRequired(method: string): string {
  return method === 'POST'
    ? 'This caller may send persisted documents only: send documentId in place of query.'
    : `By ${method} only persisted documents are answered: send documentId in place of query, or POST the query.`;
}

/** What was measured of documents, for as long as they are kept elsewhere. */
class MeasuredDocuments {
  readonly #shapes = new WeakMap<DocumentNode, DocumentShape>();
  readonly #admitted = new WeakSet<DocumentNode>();
  readonly #costs = new WeakMap<DocumentNode, Map<string, ReturnType<typeof costFormula>>>();

  shapeOf(document: DocumentNode): DocumentShape {
    const known = this.#shapes.get(document);
    if (known !== undefined) return known;
    const shape = shapeOfDocument(document);
    this.#shapes.set(document, shape);
    return shape;
  }

  /** Whether it was within the limits before, so that its validation is known too. */
  isAdmitted(document: DocumentNode): boolean {
    return this.#admitted.has(document);
  }

  admit(document: DocumentNode): void {
    this.#admitted.add(document);
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
