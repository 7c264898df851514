import type { FeedConnectionResolvers } from '../generated/resolvers.ts';

export const FeedConnection: FeedConnectionResolvers = {
  edges: (feed) => feed.items.map((item) => ({ item, feed })),
  pageInfo: ({ items, hasNextPage }) => ({
    hasNextPage,
    // Pages go forward only.
    hasPreviousPage: false,
    startCursor: items[0]?.cursor ?? null,
    endCursor: items.at(-1)?.cursor ?? null,
  }),
  ranking: ({ snapshot, latencyMs }) => ({ snapshot, latencyMs }),
};
