import { requireSubject } from '#platform/caller/require.ts';
import type { MutationResolvers } from '../generated/resolvers.ts';
import { submitNps } from '../nps.ts';

export const mutationResolvers: MutationResolvers = {
  submitNps: async (_parent, { score, comment }, { caller, database }) => {
    await submitNps(database, requireSubject(caller), { score, comment: comment ?? null });
    return { accepted: true };
  },
};
