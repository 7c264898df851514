import type { QueryResolvers } from '../generated/resolvers.ts';
import { listExperiments } from '../experiment-store.ts';

export const queryResolvers: QueryResolvers = {
  experiments: (_parent, { status }, { database }) => listExperiments(database, status ?? null),
  experiment: (_parent, { key }, { experiments }) => experiments.load(key),
};
