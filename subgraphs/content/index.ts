import { boundVendorOf } from '#platform/caller/caller.ts';
import type { Database } from '#platform/database/database.ts';
import { loadSubgraphSchema } from '#platform/graphql/load-schema.ts';
import type { Platform, Subgraph } from '#platform/graphql/subgraph.ts';
import { interactionsConsumer } from './apply-interactions.ts';
import type { ContentContext } from './context.ts';
import { createLoaders } from './loaders.ts';
import { resolvers } from './resolvers/resolvers.ts';

/** The content subgraph: the catalogue, its search, trending and similarity, and the entries' statistics. */
export function createContentSubgraph({ database, cursors }: Platform): Subgraph {
  return {
    name: 'content',
    schema: loadSubgraphSchema('content', resolvers),
    createContext: ({ caller, requestId }): ContentContext => {
      const bound = boundVendorOf(caller);
      return { caller, requestId, database, cursors, bound, loaders: createLoaders(database, bound) };
    },
    consumers: [interactionsConsumer],
    start: () => analyse(database),
    stop: () => Promise.resolve(),
  };
}

/** The embedded database has no autovacuum; without figures the planner passes over the trending and search indexes. */
async function analyse({ kind, prisma }: Database): Promise<void> {
  if (kind === 'pglite') {
    await prisma.$executeRaw`ANALYZE content.content, content.content_stats, content.facet, content.vendor`;
  }
}
