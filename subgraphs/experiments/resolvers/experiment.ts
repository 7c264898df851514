import type { ExperimentResolvers } from '../generated/resolvers.ts';

export const experimentResolvers: ExperimentResolvers = {
  __resolveReference: ({ key }, { experiments }) => experiments.load(key),
};
