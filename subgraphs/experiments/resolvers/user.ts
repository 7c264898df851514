import { assignVariant } from '../assign.ts';
import type { UserResolvers } from '../generated/resolvers.ts';

export const userResolvers: UserResolvers = {
  // Any id that the schema's rule lets pass, known or not, so that an answer tells nothing about who exists.
  __resolveReference: ({ id }) => ({ id }),

  assignments: async ({ id }, _args, context) =>
    (await context.runningExperiments()).flatMap((experiment) => {
      const variant = assignVariant(experiment, id);
      return variant === null ? [] : [{ experiment, variant, phase: experiment.phase }];
    }),
};
