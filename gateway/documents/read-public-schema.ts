import { readFileSync } from 'node:fs';
import type { GraphQLSchema } from 'graphql';
import { publicSchemaOf } from '#schema/public-schema.ts';

/** Reads the schema that clients see, with its cache policies, from the supergraph. */
export function readPublicSchema(): GraphQLSchema {
  return publicSchemaOf(readFileSync(new URL('../../schema/supergraph.graphql', import.meta.url), 'utf8'));
}
