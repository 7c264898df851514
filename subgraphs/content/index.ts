import { boundVendorOf } from '#platform/caller/caller.ts';
import type { Database } from '#platform/database/database.ts';
import { loadSubgraphSchema } from '#platform/graphql/load-schema.ts';
import type { Platform, Subgraph } from '#platform/graphql/subgraph.ts';
import { interactionsConsumer } from './apply-interactions.ts';
import { CardCache, defaultCardOptions, type CardCacheOptions } from './cards/card-cache.ts';
import { cardCopy } from './cards/copied-card.ts';
import { cardConsumer, PopularCards } from './cards/popular-cards.ts';
import type { ContentContext } from './context.ts';
import { createLoaders } from './loaders.ts';
import { resolvers } from './resolvers/resolvers.ts';

export interface ContentOptions {
  readonly cards?: CardCacheOptions;
  /** Where the popular cards are kept on disk too; null or absent: nowhere. */
  readonly copyFolder?: string | null;
}

/** The content subgraph: the catalogue, its search, trending and similarity, and the entries' statistics. */
export function createContentSubgraph(
  { database, cursors, logger, telemetry }: Platform,
  { cards: options = defaultCardOptions, copyFolder = null }: ContentOptions = {},
): Subgraph {
  const cards = new CardCache(database, telemetry, options);
  const copy = copyFolder === null ? null : cardCopy(copyFolder, logger);
  const popular = new PopularCards(database, cards, logger, copy);
  return {
    name: 'content',
    schema: loadSubgraphSchema('content', resolvers),
    createContext: ({ caller, requestId }): ContentContext => {
      const bound = boundVendorOf(caller);
      return { caller, requestId, database, cursors, bound, loaders: createLoaders(database, cards, bound) };
    },
    consumers: [interactionsConsumer],
    everyConsumers: [cardConsumer(cards, popular)],
    start: async () => {
      await analyse(database);
      await popular.start();
    },
    stop: () => popular.stop(),
  };
}

/** The embedded database has no autovacuum; without figures the planner passes over the trending and search indexes. */
async function analyse({ kind, prisma }: Database): Promise<void> {
  if (kind === 'pglite') {
    await prisma.$executeRaw`ANALYZE content.content, content.content_stats, content.facet, content.vendor`;
  }
}
