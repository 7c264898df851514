import { graphql } from 'graphql';
import { loadSubgraphSchema } from '#platform/graphql/load-schema.ts';
import { queryResolvers } from '../../resolvers/query.ts';

const schema = loadSubgraphSchema('experiments', { Query: queryResolvers });

/** What a client of the subgraph reads, without a context: calculators know neither the caller nor the database. */
export async function ask(source: string, variableValues: Record<string, unknown> = {}) {
  const { data, errors = [] } = await graphql({ schema, source, variableValues });
  return {
    data: JSON.parse(JSON.stringify(data ?? null)),
    codes: errors.map(({ extensions }) => extensions['code']),
    message: errors[0]?.message ?? '',
  };
}
