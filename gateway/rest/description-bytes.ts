import type { GraphQLSchema } from 'graphql';
import QuickLRU from 'quick-lru';
import type { Caller } from '#platform/caller/caller.ts';
import type { CallerRoutes } from './caller-routes.ts';
import { openApiOf } from './description/openapi.ts';

/** So many lists of documents have their description kept; each takes some 100 KB. */
const keptDescriptions = 50;

/** The OpenAPI description as bytes, made once for each list of documents. */
export class DescriptionBytes {
  readonly #routes: CallerRoutes;
  readonly #schema: GraphQLSchema;
  readonly #kept = new QuickLRU<string, Buffer>({ maxSize: keptDescriptions });

  constructor(routes: CallerRoutes, schema: GraphQLSchema) {
    this.#routes = routes;
    this.#schema = schema;
  }

  /** Returns the description of exactly what `caller` may send, as JSON. */
  of(caller: Caller): Buffer {
    const documents = this.#routes.documentsOf(caller);
    const list = documents.map(({ id, name }) => `${id} ${name}`).join('\n');
    const kept = this.#kept.get(list);
    if (kept !== undefined) return kept;
    const routes = this.#routes.routesOf(documents);
    const bytes = Buffer.from(JSON.stringify(openApiOf(routes, this.#schema)));
    this.#kept.set(list, bytes);
    return bytes;
  }
}
