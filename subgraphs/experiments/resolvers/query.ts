import { listExperiments } from '../experiment-store.ts';
import type { QueryResolvers } from '../generated/resolvers.ts';

// The calculators are loaded when somebody calculates: their distributions compile WebAssembly, for which no server need wait
// at its start.
export const queryResolvers: QueryResolvers = {
  experiments: (_parent, { status }, { database }) => listExperiments(database, status ?? null),
  experiment: (_parent, { key }, { experiments }) => experiments.load(key),
  compareVariants: async (_parent, { input }) => {
    const { compareVariants } = await import('../calculators/compare-variants.ts');
    return compareVariants(input);
  },
  sampleSize: async (_parent, { input }) => {
    const { sampleSize } = await import('../calculators/sample-size.ts');
    return sampleSize(input);
  },
  sampleRatio: async (_parent, { observed, weights }) => {
    const { sampleRatio } = await import('../calculators/sample-ratio.ts');
    return sampleRatio(observed, weights);
  },
  adjustPValues: async (_parent, { pValues, method }) => {
    const { adjustPValues } = await import('../calculators/adjust-p-values.ts');
    return adjustPValues(pValues, method);
  },
};
