import type { GraphQLSchema } from 'graphql';
import type { Caller } from '#platform/caller/caller.ts';
import type { RegisteredDocument } from '../documents/registered-document.ts';
import type { DocumentSource } from './document-source.ts';
import type { RestRoute } from './rest-route.ts';
import { restRouteOf, restRoutesOf } from './rest-routes.ts';

/** The routes of each caller, made anew when the documents change. */
export class CallerRoutes {
  readonly #documents: DocumentSource;
  readonly #schema: GraphQLSchema;
  #madeFrom: readonly RegisteredDocument[] | null = null;
  #bySlug = new Map<string, RestRoute[]>();

  /** `schema` is the one that clients see. */
  constructor(documents: DocumentSource, schema: GraphQLSchema) {
    this.#documents = documents;
    this.#schema = schema;
  }

  /** Returns the route that `caller` reaches under `slug`, or null. */
  find(slug: string, caller: Caller): RestRoute | null {
    const candidates = this.#routes().get(slug) ?? [];
    return candidates.findLast(({ document }) => this.#allows(document, caller)) ?? null;
  }

  /** Returns every document that `caller` may send, in the order of the registry. */
  documentsOf(caller: Caller): RegisteredDocument[] {
    return this.#documents.all().filter((document) => this.#allows(document, caller));
  }

  /** Returns the routes of some documents. */
  routesOf(documents: readonly RegisteredDocument[]): RestRoute[] {
    return restRoutesOf(documents, this.#schema);
  }

  #allows(document: RegisteredDocument, caller: Caller): boolean {
    return this.#documents.find(document.id, caller) !== null;
  }

  #routes(): Map<string, RestRoute[]> {
    const documents = this.#documents.all();
    if (documents !== this.#madeFrom) {
      const routes = documents.map((document) => restRouteOf(document, this.#schema));
      this.#bySlug = Map.groupBy(routes, ({ slug }) => slug);
      this.#madeFrom = documents;
    }
    return this.#bySlug;
  }
}
