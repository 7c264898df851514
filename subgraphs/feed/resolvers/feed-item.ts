import type { FeedItemResolvers } from '../generated/resolvers.ts';

export const FeedItem: FeedItemResolvers = {
  content: ({ id }) => ({ id }),
  position: ({ position }) => position,
  score: ({ score }) => score,
  source: ({ source }) => source,
};
