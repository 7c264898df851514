/** A JSON Schema, or another object of an OpenAPI document. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** What a value looks like, and one such value. */
export interface Described {
  readonly schema: JsonObject;
  readonly example: unknown;
}

/** The schemas of an OpenAPI document that operations refer to by name. */
export class Components {
  readonly #schemas = new Map<string, JsonObject>();

  /** Returns a reference to the schema `name`, which `make` gives the first time; it may refer to itself. */
  refer(name: string, make: () => JsonObject): JsonObject {
    if (!this.#schemas.has(name)) {
      this.#schemas.set(name, {});
      this.#schemas.set(name, make());
    }
    return { $ref: `#/components/schemas/${name}` };
  }

  /** Returns all schemas by name, sorted. */
  schemas(): Record<string, JsonObject> {
    return Object.fromEntries([...this.#schemas].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  }
}

/** Returns `schema` that also takes null (JSON Schema 2020-12). */
export function nullable(schema: JsonObject): JsonObject {
  const { type } = schema;
  return typeof type === 'string'
    ? { ...schema, type: [type, 'null'] }
    : { anyOf: [schema, { type: 'null' }] };
}

/** Returns `schema` with what is said of it at this place; nothing where there is nothing to say. */
export function withDescription(
  schema: JsonObject,
  description: string | null | undefined,
  deprecation?: string | null,
): JsonObject {
  return {
    ...schema,
    ...(description == null || description === '' ? {} : { description }),
    ...(deprecation == null ? {} : { deprecated: true }),
  };
}
