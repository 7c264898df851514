import { z } from 'zod';

/** What Qdrant answers where it refuses. */
export class Refusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const idSchema = z.union([z.string(), z.number()]);
const pointSchema = z.object({
  id: idSchema,
  vector: z.array(z.number()),
  payload: z.record(z.string(), z.unknown()).nullish(),
});
const matchSchema = z.union([
  z.object({ has_id: z.array(idSchema) }),
  z.object({ key: z.string(), match: z.object({ value: z.unknown() }) }),
  z.object({ key: z.string(), match: z.object({ any: z.array(z.unknown()) }) }),
]);
const filterSchema = z.object({ must: z.array(matchSchema).default([]) }).optional();
const selectorSchema = z.union([
  z.object({ points: z.array(idSchema) }),
  z.object({ filter: filterSchema.unwrap() }),
]);

type Point = z.infer<typeof pointSchema>;
type Filter = z.infer<typeof filterSchema>;

interface Collection {
  readonly size: number;
  readonly distance: string;
  readonly indexed: Set<string>;
  readonly points: Map<string | number, Point>;
}

const refusals = {
  missing: (name: string) => new Refusal(404, `Not found: Collection \`${name}\` doesn't exist!`),
  dimensions: (wanted: number, given: number) =>
    new Refusal(400, `Wrong input: Vector dimension error: expected dim: ${wanted}, got ${given}`),
};

/** As much of Qdrant as the adapter uses, in memory; each method takes a checked body and returns the `result`. */
export class QdrantMemory {
  readonly #collections = new Map<string, Collection>();
  readonly #aliases = new Map<string, string>();
  #operations = 0;

  list(): unknown {
    return { collections: [...this.#collections.keys()].map((name) => ({ name })) };
  }

  exists(name: string): unknown {
    return { exists: this.#collections.has(this.#aliases.get(name) ?? name) };
  }

  create(name: string, body: unknown): boolean {
    const { vectors } = z.object({ vectors: z.object({ size: z.int(), distance: z.string() }) }).parse(body);
    if (this.#collections.has(name)) {
      throw new Refusal(409, `Wrong input: Collection \`${name}\` already exists!`);
    }
    this.#collections.set(name, { ...vectors, indexed: new Set(), points: new Map() });
    return true;
  }

  delete(name: string): boolean {
    for (const [alias, target] of this.#aliases) if (target === name) this.#aliases.delete(alias);
    return this.#collections.delete(name);
  }

  alias(body: unknown): boolean {
    const { actions } = z
      .object({
        actions: z.array(
          z.union([
            z.object({ create_alias: z.object({ alias_name: z.string(), collection_name: z.string() }) }),
            z.object({ delete_alias: z.object({ alias_name: z.string() }) }),
          ]),
        ),
      })
      .parse(body);
    for (const action of actions) {
      if ('delete_alias' in action) {
        this.#aliases.delete(action.delete_alias.alias_name);
      } else {
        const { alias_name: alias, collection_name: name } = action.create_alias;
        if (!this.#collections.has(name)) throw refusals.missing(name);
        this.#aliases.set(alias, name);
      }
    }
    return true;
  }

  index(name: string, body: unknown): unknown {
    this.#at(name).indexed.add(z.object({ field_name: z.string() }).parse(body).field_name);
    return this.#completed();
  }

  upsert(name: string, body: unknown): unknown {
    const { size, points } = this.#at(name);
    const sent = z.object({ points: z.array(pointSchema), update_mode: z.string().optional() }).parse(body);
    for (const point of sent.points) {
      if (point.vector.length !== size) throw refusals.dimensions(size, point.vector.length);
      if (sent.update_mode !== 'insert_only' || !points.has(point.id)) points.set(point.id, point);
    }
    return this.#completed();
  }

  remove(name: string, body: unknown): unknown {
    const { points } = this.#at(name);
    const selector = selectorSchema.parse(body);
    const ids =
      'points' in selector ? selector.points : this.#matching(name, selector.filter).map(({ id }) => id);
    for (const id of ids) points.delete(id);
    return this.#completed();
  }

  retrieve(name: string, body: unknown): unknown {
    const { points } = this.#at(name);
    const { ids } = z.object({ ids: z.array(idSchema) }).parse(body);
    return ids.flatMap((id) => points.get(id) ?? []).map(({ id, payload }) => ({ id, payload }));
  }

  scroll(name: string, body: unknown): unknown {
    const { limit, offset } = z.object({ limit: z.int(), offset: idSchema.nullish() }).parse(body);
    const all = [...this.#at(name).points.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1));
    const from = offset == null ? 0 : all.findIndex(({ id }) => id >= offset);
    const page = all.slice(from, from + limit).map(({ id, payload }) => ({ id, payload }));
    return { points: page, next_page_offset: all[from + limit]?.id ?? null };
  }

  count(name: string): unknown {
    return { count: this.#at(name).points.size };
  }

  query(name: string, body: unknown): unknown {
    const { query, limit, filter } = z
      .object({ query: z.array(z.number()), limit: z.int(), filter: filterSchema })
      .parse(body);
    const { size } = this.#at(name);
    if (query.length !== size) throw refusals.dimensions(size, query.length);
    const points = this.#matching(name, filter)
      .map(({ id, vector, payload }) => ({ id, payload, version: 0, score: cosine(query, vector) }))
      .toSorted((a, b) => b.score - a.score)
      .slice(0, limit);
    return { points };
  }

  /** As in strict mode, a filter on a field without an index is refused. */
  #matching(name: string, filter: Filter): Point[] {
    const { points, indexed } = this.#at(name);
    return [...points.values()].filter(({ id, payload }) =>
      (filter?.must ?? []).every((condition) => {
        if ('has_id' in condition) return condition.has_id.includes(id);
        const { key, match } = condition;
        if (!indexed.has(key)) {
          throw new Refusal(400, `Bad request: Index required but not found for "${key}"`);
        }
        const value = payload?.[key];
        return 'any' in match ? match.any.includes(value) : match.value === value;
      }),
    );
  }

  #at(name: string): Collection {
    const collection = this.#collections.get(this.#aliases.get(name) ?? name);
    if (collection === undefined) throw refusals.missing(name);
    return collection;
  }

  #completed(): unknown {
    return { operation_id: this.#operations++, status: 'completed' };
  }
}

function cosine(a: readonly number[], b: readonly number[]): number {
  const dot = (x: readonly number[], y: readonly number[]): number =>
    x.reduce((sum, value, index) => sum + value * (y[index] ?? 0), 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}
