import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSubgraphSchema, type GraphQLResolverMap } from '@apollo/subgraph';
import { parse, type GraphQLResolveInfo, type GraphQLSchema } from 'graphql';
import type { SubgraphName } from '../config/config.ts';

const schemaFolder = join(import.meta.dirname, '../../schema');

/**
 * Builds the executable schema of subgraph `name` with its resolvers. In the type the context is the info as well,
 * because a map of resolvers has no place for a reference resolver, whose third parameter the info is.
 */
export function loadSubgraphSchema<TContext>(
  name: SubgraphName,
  resolvers: GraphQLResolverMap<TContext & GraphQLResolveInfo>,
): GraphQLSchema {
  return buildSubgraphSchema([{ typeDefs: parse(readSubgraphSdl(name)), resolvers }]);
}

/** The SDL of one subgraph: the shared header, then its own types. */
export function readSubgraphSdl(name: SubgraphName): string {
  return ['shared', name]
    .map((file) => readFileSync(join(schemaFolder, `${file}.graphql`), 'utf8'))
    .join('\n');
}
