import { hasScope, subjectOf } from '#platform/caller/caller.ts';
import { assignVariant } from '../assign.ts';
import type { UserResolvers } from '../generated/resolvers.ts';

export const userResolvers: UserResolvers = {
  // Null for somebody else's id, known or not, so that an answer tells nothing about who exists.
  __resolveReference: ({ id }, { caller }) =>
    subjectOf(caller) === id || hasScope(caller, 'dashboard') ? { id } : null,

  assignments: async ({ id }, _args, context) =>
    (await context.runningExperiments()).flatMap((experiment) => {
      const variant = assignVariant(experiment, id);
      return variant === null ? [] : [{ experiment, variant, phase: experiment.phase }];
    }),
};
