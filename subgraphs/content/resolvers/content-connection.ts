import type { ContentConnectionResolvers } from '../generated/resolvers.ts';

export const ContentConnection: ContentConnectionResolvers = {
  totalCount: (page) => page.countAll(),
};
