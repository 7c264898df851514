import type { SubgraphRequest } from '#platform/graphql/subgraph.ts';
import type { RegisteredDocument } from '../documents/registered-document.ts';

/** What the HTTP layer hands to the GraphQL context of one client request. */
export interface BouquetContext {
  readonly bouquet: SubgraphRequest & {
    /** Set once the answer is known: whether something failed on our side. */
    failed: boolean;
    /** The persisted document that the request names, once it is found; null for a free query. */
    document: RegisteredDocument | null;
    /** Bytes of the request's body. */
    readonly bodyBytes: number;
  };
}

/** The client request that a GraphQL context belongs to; throws where the HTTP layer was bypassed. */
export function requestOf(context: unknown): BouquetContext['bouquet'] {
  if (isBouquetContext(context)) return context.bouquet;
  throw new Error('The GraphQL context lacks the caller.');
}

function isBouquetContext(context: unknown): context is BouquetContext {
  return typeof context === 'object' && context !== null && 'bouquet' in context;
}
