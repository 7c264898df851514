import type { UserResolvers } from '../generated/resolvers.ts';
import { isId } from '../identifiers.ts';
import { pageSize } from '../snapshot/request-filter.ts';
import { readFeed } from './read-feed.ts';

export const User: UserResolvers = {
  __resolveReference: ({ id }) => (isId(id) ? { id } : null),
  region: async ({ id }, _args, { profiles }) => (await profiles.load(id)).region,
  locale: async ({ id }, _args, { profiles }) => (await profiles.load(id)).locale,
  feed: ({ id }, args, context) => readFeed(context, id, args),
  following: async ({ id }, { first }, { following }) => {
    const size = pageSize(first);
    const vendorIds = await following.load(id);
    return vendorIds.slice(0, size).map((vendorId) => ({ id: vendorId }));
  },
};
