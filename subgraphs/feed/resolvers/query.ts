import { hasScope, subjectOf } from '#platform/caller/caller.ts';
import { readEditorialPicks } from '../editorial/editorial-picks.ts';
import type { QueryResolvers } from '../generated/resolvers.ts';
import { isId } from '../identifiers.ts';
import { readFeed } from './read-feed.ts';

export const Query: QueryResolvers = {
  feed: (_root, args, context) => readFeed(context, subjectOf(context.caller), args),
  me: (_root, _args, { caller }) => (caller.kind === 'user' ? { id: caller.userId } : null),
  user: (_root, { id }, { caller }) => (hasScope(caller, 'dashboard') && isId(id) ? { id } : null),
  editorialPicks: async (_root, { region = null }, { caller, database, clock }) => {
    if (!hasScope(caller, 'catalogue')) return null;
    return (await readEditorialPicks(database, region, clock())).map((id) => ({ id }));
  },
};
