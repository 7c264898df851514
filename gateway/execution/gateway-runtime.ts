import { readFileSync } from 'node:fs';
import { createGatewayRuntime, type GatewayRuntime } from '@graphql-hive/gateway-runtime';
import { unifiedGraphHandler } from '@graphql-hive/router-runtime';
import type { Transport } from '@graphql-mesh/transport-common';
import httpTransport from '@graphql-mesh/transport-http';
import { renderGraphiQL } from '@graphql-yoga/render-graphiql';
import { hasScope } from '#platform/caller/caller.ts';
import type { CallerSigner } from '#platform/caller/signed-caller.ts';
import type { SubgraphName } from '#platform/config/config.ts';
import type { Subgraph } from '#platform/graphql/subgraph.ts';
import type { Logger } from '#platform/logging/logger.ts';
import { persistedDocuments, useDocuments, type GatewayDocuments } from '../documents/use-documents.ts';
import type { FreeQueryRules } from '../limits/free-queries.ts';
import { useLimits } from '../limits/use-limits.ts';
import { useNoSuggestions } from '../limits/use-no-suggestions.ts';
import { withCheckedScalars } from './checked-scalars.ts';
import { inProcessExecutor } from './in-process-executor.ts';
import { usePublicErrors } from './public-errors.ts';
import { useNullPropagation } from './use-null-propagation.ts';
import { remoteExecutor } from './remote-executor.ts';
import { requestOf, type BouquetContext } from './request-context.ts';

/** Where a subgraph is executed. */
export type SubgraphPlace =
  | { readonly kind: 'in-process'; readonly subgraph: Subgraph }
  | { readonly kind: 'http'; readonly url: string; readonly signer: CallerSigner };

export interface GatewayOptions {
  readonly places: ReadonlyMap<SubgraphName, SubgraphPlace>;
  readonly documents: GatewayDocuments;
  /** Who may send queries of their own. */
  readonly freeQueries: FreeQueryRules;
  readonly logger: Logger;
}

/** Milliseconds until a subgraph behind HTTP counts as not answering. */
const remoteTimeoutMs = 5_000;

const starterQuery = `# Bouquet: a personal feed over federated GraphQL. Send a header x-user-id to be somebody.
query Feed {
  feed(first: 5) {
    edges { node { position source score content { title category { name } region { code } vendor { name } } } }
    pageInfo { hasNextPage endCursor }
    ranking { mode latencyMs }
  }
}
`;

/** The federated GraphQL engine over `schema/supergraph.graphql`: Hive gateway with the Rust query planner. */
export function createGateway(options: GatewayOptions): GatewayRuntime<BouquetContext> {
  const supergraph = readFileSync(new URL('../../schema/supergraph.graphql', import.meta.url), 'utf8');
  return createGatewayRuntime<BouquetContext>({
    supergraph,
    unifiedGraphHandler: async (handled) => {
      const router = await unifiedGraphHandler(handled);
      return { ...router, unifiedGraph: withCheckedScalars(router.unifiedGraph) };
    },
    transports: { http: subgraphTransport(options) },
    graphqlEndpoint: '/graphql',
    // A page is for those who may read the schema, which is everybody in development.
    graphiql: (_request, context) =>
      hasScope(requestOf(context).caller, 'dashboard') && { title: 'Bouquet', defaultQuery: starterQuery },
    renderGraphiQL,
    landingPage: false,
    maskedErrors: false,
    subgraphErrors: false,
    requestId: false,
    cors: false,
    logging: false,
    multipart: false,
    executionCancellation: true,
    persistedDocuments: persistedDocuments(options.documents),
    plugins: () => [
      useDocuments(options.documents),
      useLimits(options.freeQueries),
      useNullPropagation(),
      useNoSuggestions(),
      usePublicErrors(options.logger),
    ],
  });
}

function subgraphTransport({ places, logger }: GatewayOptions): Transport {
  return {
    getSubgraphExecutor: (payload) => {
      const place = [...places].find(([name]) => name === payload.subgraphName.toLowerCase())?.[1];
      if (place === undefined)
        throw new Error(`The supergraph names an unknown subgraph ${payload.subgraphName}.`);
      if (place.kind === 'in-process') return inProcessExecutor(place.subgraph, logger);
      const http = httpTransport.getSubgraphExecutor({
        ...payload,
        transportEntry: {
          ...payload.transportEntry,
          location: place.url,
          options: { timeout: remoteTimeoutMs, deduplicateInflightRequests: false },
        },
      });
      return remoteExecutor(http, place.signer);
    },
  };
}
