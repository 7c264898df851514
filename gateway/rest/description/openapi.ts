import { createHash } from 'node:crypto';
import type { GraphQLSchema } from 'graphql';
import type { RestRoute } from '../rest-route.ts';
import { Components, type JsonObject } from './components.ts';
import { operationOf } from './operation.ts';
import {
  failureResponses,
  securitySchemes,
  sharedHeaders,
  sharedParameters,
  sharedSchemas,
} from './shared-parts.ts';

const introduction = `A personal feed, its catalogue and what people do with it. Every operation here is one persisted
document of the GraphQL API: what it asks for stands in its response.

An answer has its value under \`data\`. Where a part of it failed, that part is null and \`errors\` stands beside; a request
that failed as a whole has \`errors\` alone, and the status of the first one's code.`;

/** Returns the OpenAPI 3.1 description of `routes`, a plain object for JSON. `schema` is the one that clients see. */
export function openApiOf(routes: readonly RestRoute[], schema: GraphQLSchema): JsonObject {
  const components = new Components();
  const operations = routes.map((route) => ({
    path: route.path,
    item: { [route.method.toLowerCase()]: operationOf(route, schema, components) },
  }));
  return {
    openapi: '3.1.1',
    info: {
      title: 'Bouquet',
      version: versionOf(routes),
      description: introduction,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/', description: 'The server that this description comes from.' }],
    security: [{}, { bearer: [] }, { apiKey: [] }],
    tags: [
      { name: 'Reads', description: 'Queries.' },
      { name: 'Writes', description: 'Mutations.' },
    ],
    paths: Object.fromEntries(operations.map(({ path, item }) => [path, item])),
    components: {
      schemas: { ...components.schemas(), ...sharedSchemas },
      responses: failureResponses(),
      parameters: sharedParameters,
      headers: sharedHeaders,
      securitySchemes,
    },
  };
}

/** Changes with any of the documents. */
function versionOf(routes: readonly RestRoute[]): string {
  const ids = routes.map(({ document }) => document.id).toSorted();
  return `1.0.0+${createHash('sha256').update(ids.join()).digest('hex').slice(0, 12)}`;
}
