import type { FeedEdgeResolvers } from '../generated/resolvers.ts';

export const FeedEdge: FeedEdgeResolvers = {
  cursor: ({ item }) => item.cursor,
  node: (edge) => edge,
};
