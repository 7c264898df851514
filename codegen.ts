import type { CodegenConfig } from '@graphql-codegen/cli';
import { printSchema } from 'graphql';
import { composeSupergraph } from './schema/compose.ts';
import { publicSchemaOf } from './schema/public-schema.ts';

/** GraphQL type → the TypeScript type that its resolvers receive as parent. One entry per subgraph. */
const mappers: Record<string, Record<string, string>> = {
  content: {
    Content: '../catalogue/content-row.ts#ContentRow',
    Vendor: '../catalogue/vendor-row.ts#VendorRow',
    ContentStats: '../catalogue/read-catalogue.ts#StatsRow',
    Category: '../catalogue/places.ts#CategoryRow',
    Region: '../catalogue/places.ts#RegionRow',
    ContentConnection: '../catalogue/content-page.ts#ContentPage',
    ContentChange: '../catalogue/changes.ts#Change',
  },
  feed: {
    User: '../resolvers/parents.ts#UserParent',
    FeedConnection: '../resolvers/parents.ts#FeedConnectionParent',
    FeedEdge: '../resolvers/parents.ts#FeedEdgeParent',
    FeedItem: '../resolvers/parents.ts#FeedItemParent',
    Ranking: '../resolvers/parents.ts#RankingParent',
    Reason: '../resolvers/parents.ts#ReasonParent',
  },
  experiments: { Experiment: '../experiment.ts#Experiment as StoredExperiment' },
  metrics: {
    BusinessMetrics: '../business-metrics.ts#BusinessMetrics as MeasuredBusiness',
    Retention: '../business-metrics.ts#BusinessMetrics as MeasuredBusiness',
    SystemHealth: '../system-health.ts#SystemHealth as MeasuredHealth',
  },
};

const contexts: Record<string, string> = {
  content: '../context.ts#ContentContext',
  feed: '../context.ts#FeedContext',
  experiments: '../context.ts#ExperimentsContext',
  metrics: '../context.ts#MetricsContext',
};

const resolvers = Object.fromEntries(
  Object.keys(mappers).map((name) => [
    `subgraphs/${name}/generated/resolvers.ts`,
    {
      schema: ['schema/shared.graphql', `schema/${name}.graphql`],
      plugins: ['typescript', 'typescript-resolvers'],
      config: {
        federation: true,
        enumsAsTypes: true,
        useTypeImports: true,
        emitLegacyCommonJSImports: false,
        contextType: contexts[name],
        mappers: mappers[name],
        scalars: { ID: 'string', DateTime: { input: 'Date', output: 'Date' } },
        inputMaybeValue: 'T | null | undefined',
        defaultScalarType: 'unknown',
        resolversNonOptionalTypename: false,
        makeResolverTypeCallable: true,
      },
    },
  ]),
);

const config: CodegenConfig = {
  generates: {
    ...resolvers,
    'schema/generated/documents.ts': {
      schema: printSchema(publicSchemaOf(composeSupergraph())),
      documents: 'schema/documents/*.graphql',
      plugins: ['typescript-operations', 'typed-document-node'],
      config: {
        enumsAsTypes: true,
        useTypeImports: true,
        scalars: { ID: 'string', DateTime: 'string' },
        defaultScalarType: 'unknown',
      },
    },
  },
  importExtension: '.ts',
};

export default config;
