import type { FeedEdgeResolvers } from '../generated/resolvers.ts';

export const FeedEdge: FeedEdgeResolvers = {
  cursor: ({ cursor }) => cursor,
  node: (item) => item,
};
