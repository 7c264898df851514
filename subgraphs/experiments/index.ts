import { dateTimeScalar } from '#platform/graphql/date-time.ts';
import { loadSubgraphSchema } from '#platform/graphql/load-schema.ts';
import type { Platform, Subgraph } from '#platform/graphql/subgraph.ts';
import { createExperimentsContext } from './context.ts';
import { erasureConsumer } from './erase-owner.ts';
import type { Resolvers } from './generated/resolvers.ts';
import { experimentResolvers } from './resolvers/experiment.ts';
import { mutationResolvers } from './resolvers/mutation.ts';
import { queryResolvers } from './resolvers/query.ts';
import { userResolvers } from './resolvers/user.ts';

// The gateway serves the features to SDKs, in whichever process executes the subgraph.
export { readFeatures, type FeatureSet } from './read-features.ts';

/** The experiments subgraph: definitions, phases and assignments. */
export function createExperimentsSubgraph({ database }: Platform): Subgraph {
  const resolvers: Resolvers = {
    DateTime: dateTimeScalar,
    Query: queryResolvers,
    Mutation: mutationResolvers,
    User: userResolvers,
    Experiment: experimentResolvers,
  };
  return {
    name: 'experiments',
    schema: loadSubgraphSchema('experiments', resolvers),
    createContext: (request) => createExperimentsContext(database, request),
    consumers: [erasureConsumer],
    start: () => Promise.resolve(),
    stop: () => Promise.resolve(),
  };
}
