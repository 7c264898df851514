import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSubgraphSchema, type GraphQLResolverMap } from '@apollo/subgraph';
import { parse, type GraphQLResolveInfo, type GraphQLSchema } from 'graphql';
import type { SubgraphName } from '../config/config.ts';
import { enforceAccessRules } from './access-rules.ts';

const schemaFolder = join(import.meta.dirname, '../../schema');

/**
 * Builds the executable schema of subgraph `name` with its resolvers, which the rules of the schema guard (`@access`). In the type the context is the info as well,
 * because a map of resolvers has no place for a reference resolver, whose third parameter the info is.
 */
export function loadSubgraphSchema<TContext>(
  name: SubgraphName,
  resolvers: GraphQLResolverMap<TContext & GraphQLResolveInfo>,
): GraphQLSchema {
  return enforceAccessRules(buildSubgraphSchema([{ typeDefs: parse(readSubgraphSdl(name)), resolvers }]));
}

/** The SDL of one subgraph: the shared header, then its own types. */
export function readSubgraphSdl(name: SubgraphName): string {
  return `${readSharedSdl()}\n${readFileSync(join(schemaFolder, `${name}.graphql`), 'utf8')}`;
}

/** The header of every subgraph's SDL, with the directives that it may use. */
export function readSharedSdl(): string {
  return readFileSync(join(schemaFolder, 'shared.graphql'), 'utf8');
}
