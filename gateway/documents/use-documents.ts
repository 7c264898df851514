import type { GatewayConfigBase, GatewayPlugin } from '@graphql-hive/gateway-runtime';
import { GraphQLError } from 'graphql';
import type { Caller } from '#platform/caller/caller.ts';
import { requestOf, type BouquetContext } from '../execution/request-context.ts';
import type { DocumentRegistry } from './document-registry.ts';
import type { DocumentUsage } from './document-usage.ts';
import type { RegisteredDocument } from './registered-document.ts';
import { requestedId } from './requested-id.ts';

/** The documents that a gateway runs by id. */
export interface GatewayDocuments {
  readonly registry: DocumentRegistry;
  readonly usage: Pick<DocumentUsage, 'count'>;
  /** Looks for what has just been published. */
  lookAgain(): Promise<void>;
}

/**
 * How the gateway finds the document that a request names. A request with a query is none of its business, whatever
 * hash comes with it: the query is judged as a free one, and registers nothing. The document is handed on as text, not
 * as a syntax tree: for a tree the plugin invents a text with the client's id in it, under which the parser's cache
 * would keep the tree for every list.
 */
export function persistedDocuments(
  documents: GatewayDocuments,
): NonNullable<GatewayConfigBase<BouquetContext>['persistedDocuments']> {
  return {
    allowArbitraryDocuments: true,
    skipDocumentValidation: true,
    extractPersistedOperationId: requestedId,
    getPersistedOperation: (id, _request, context) => {
      const request = requestOf(context);
      const run = (document: RegisteredDocument | null): string | null => {
        if (document === null) return null;
        request.document = document;
        countRun(documents, document, request.caller);
        return document.text;
      };
      const find = (): RegisteredDocument | null => documents.registry.find(id, request.caller);
      const known = find();
      return known === null ? documents.lookAgain().then(() => run(find())) : run(known);
    },
    customErrors: { notFound: documentNotFound, keyNotFound: queryMissing },
  };
}

/** Counts one run of `document` by `caller`, whichever of its forms it is. */
export function countRun(
  { registry, usage }: GatewayDocuments,
  document: RegisteredDocument,
  caller: Caller,
): void {
  usage.count(registry.entryOf(document)?.publishedId ?? document.id, caller);
}

/** Spares a persisted document the parser: its syntax tree is at hand since it was registered. */
export function useDocuments({ registry }: GatewayDocuments): GatewayPlugin<BouquetContext> {
  return {
    onParse: ({ context, setParsedDocument }) => {
      const { document } = requestOf(context);
      const entry = document === null ? null : registry.entryOf(document);
      if (entry !== null) setParsedDocument(entry.node);
    },
  };
}

/**
 * A GET is answered by 404, a POST as GraphQL over HTTP has it for the media type; nobody may keep it, because the
 * document may be published a moment later. Not Apollo's PersistedQueryNotFound, at which its client would send the
 * query to have it registered.
 */
function documentNotFound({ request }: { readonly request: Request }): GraphQLError {
  return new GraphQLError(
    'No persisted document of this id is registered for this caller. Publish it by `bouquet documents publish`.',
    {
      extensions: {
        code: 'DOCUMENT_NOT_FOUND',
        http: { spec: request.method !== 'GET', status: 404, headers: { 'cache-control': 'no-store' } },
      },
    },
  );
}

function queryMissing(): GraphQLError {
  return new GraphQLError('Send a `query`, or the `documentId` of a persisted document.', {
    extensions: { code: 'BAD_REQUEST', http: { status: 400 } },
  });
}
