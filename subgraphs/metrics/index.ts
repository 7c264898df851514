import { loadSubgraphSchema } from '#platform/graphql/load-schema.ts';
import type { Platform, Subgraph } from '#platform/graphql/subgraph.ts';
import { dateTimeScalar } from '#platform/graphql/date-time.ts';
import { activityConsumer, processReportConsumer } from './consumers.ts';
import type { MetricsContext } from './context.ts';
import type { Resolvers } from './generated/resolvers.ts';
import { businessMetricsResolvers, retentionResolvers } from './resolvers/business-metrics.ts';
import { mutationResolvers } from './resolvers/mutation.ts';
import { queryResolvers } from './resolvers/query.ts';
import { userExportResolvers } from './resolvers/user-export.ts';

/** The metrics subgraph: how the processes and the marketplace do. */
export function createMetricsSubgraph({ database }: Platform): Subgraph {
  const resolvers: Resolvers = {
    DateTime: dateTimeScalar,
    Query: queryResolvers,
    Mutation: mutationResolvers,
    BusinessMetrics: businessMetricsResolvers,
    Retention: retentionResolvers,
    UserExport: userExportResolvers,
  };
  return {
    name: 'metrics',
    schema: loadSubgraphSchema('metrics', resolvers),
    createContext: (request): MetricsContext => ({ ...request, database }),
    consumers: [activityConsumer, processReportConsumer],
    start: () => Promise.resolve(),
    stop: () => Promise.resolve(),
  };
}
