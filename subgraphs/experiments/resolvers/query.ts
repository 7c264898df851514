import { adjustPValues } from '../calculators/adjust-p-values.ts';
import { compareVariants } from '../calculators/compare-variants.ts';
import { sampleRatio } from '../calculators/sample-ratio.ts';
import { sampleSize } from '../calculators/sample-size.ts';
import { listExperiments } from '../experiment-store.ts';
import type { QueryResolvers } from '../generated/resolvers.ts';

export const queryResolvers: QueryResolvers = {
  experiments: (_parent, { status }, { database }) => listExperiments(database, status ?? null),
  experiment: (_parent, { key }, { experiments }) => experiments.load(key),
  compareVariants: (_parent, { input }) => compareVariants(input),
  sampleSize: (_parent, { input }) => sampleSize(input),
  sampleRatio: (_parent, { observed, weights }) => sampleRatio(observed, weights),
  adjustPValues: (_parent, { pValues, method }) => adjustPValues(pValues, method),
};
