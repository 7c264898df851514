import { hasScope, subjectOf } from '#platform/caller/caller.ts';
import type { QueryResolvers } from '../generated/resolvers.ts';
import { isId } from '../identifiers.ts';
import { readFeed } from './read-feed.ts';

export const Query: QueryResolvers = {
  feed: (_root, args, context) => readFeed(context, subjectOf(context.caller), args),
  me: (_root, _args, { caller }) => (caller.kind === 'user' ? { id: caller.userId } : null),
  user: (_root, { id }, { caller }) => (hasScope(caller, 'dashboard') && isId(id) ? { id } : null),
};
