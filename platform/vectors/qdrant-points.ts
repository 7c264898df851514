import { z } from 'zod';
import { eachAtATime } from './each-at-a-time.ts';
import type { QdrantCalls } from './qdrant-calls.ts';
import { MissingCollectionError } from './qdrant-failure.ts';
import type { QdrantGeneration, QdrantGenerations } from './qdrant-generations.ts';
import { pointIdOf, type QdrantNames } from './qdrant-names.ts';
import type { VectorHit, VectorPoint, VectorQuery } from './vector-index.ts';

const hitsSchema = z.object({
  points: z.array(z.object({ score: z.number(), payload: z.object({ id: z.string() }) })),
});
const touchedSchema = z.object({
  points: z.array(z.object({ payload: z.looseObject({ touched: z.string().optional() }) })),
  next_page_offset: z.union([z.string(), z.number()]).nullish(),
});

type TouchedPage = z.infer<typeof touchedSchema>;
type PageOffset = string | number | null;

/** Points in one request at most, and numbers in their vectors: some 10 MB of JSON, where Qdrant takes 32. */
const perRequest = { points: 500, numbers: 500_000 };
const atATime = 8;

/** Reads and writes the points of one generation at a time. */
export class QdrantPoints {
  readonly #calls: QdrantCalls;
  readonly #names: QdrantNames;
  readonly #generations: QdrantGenerations;

  constructor(calls: QdrantCalls, names: QdrantNames, generations: QdrantGenerations) {
    this.#calls = calls;
    this.#names = names;
    this.#generations = generations;
  }

  /**
   * Upserts points and removes them from the segments of other regions. With `built`, a point that is there already
   * stays as it is, and new ones are marked.
   */
  async put(
    generation: QdrantGeneration,
    points: readonly VectorPoint[],
    { built = false } = {},
  ): Promise<void> {
    const segments = await this.#generations.segments(generation);
    for (const [region, inRegion] of Map.groupBy(points, (point) => point.region)) {
      const collection = this.#names.segment(generation.name, region);
      if (!segments.includes(collection)) {
        await this.#generations.createSegment(generation, region);
      }
      const size = Math.max(1, Math.floor(perRequest.numbers / generation.dimensions));
      for (const batch of slicesOf(inRegion, Math.min(perRequest.points, size))) {
        await this.#calls.write((client) =>
          client.upsert(collection, {
            wait: true,
            ...(built ? { update_mode: 'insert_only' as const } : {}),
            points: batch.map(({ id, vector, category }) => ({
              id: pointIdOf(id),
              vector: [...vector],
              payload: { id, category, ...(built ? { built } : {}) },
            })),
          }),
        );
      }
      if (built) continue;
      const others = segments.filter((segment) => segment !== collection);
      await this.#delete(
        others,
        inRegion.map(({ id }) => pointIdOf(id)),
      );
    }
  }

  async drop(generation: QdrantGeneration, ids: readonly string[]): Promise<void> {
    await this.#delete(await this.#generations.segments(generation), ids.map(pointIdOf));
  }

  /** Notes that ids are written while the generation is built. */
  async touch(generation: QdrantGeneration, ids: readonly string[]): Promise<void> {
    for (const batch of slicesOf(ids, perRequest.points)) {
      const points = batch.map((id) => ({ id: pointIdOf(id), vector: [1], payload: { touched: id } }));
      await this.#calls.write((client) =>
        client.upsert(this.#names.about(generation.name), { wait: true, points }),
      );
    }
  }

  /** Removes what the build inserted of ids that were written meanwhile: the write counts more. */
  async dropOutdated(generation: QdrantGeneration): Promise<void> {
    const about = this.#names.about(generation.name);
    const segments = await this.#generations.segments(generation);
    for (let offset: PageOffset = null; ;) {
      const page: TouchedPage = await this.#touchedPage(about, offset);
      const ids = page.points.flatMap(({ payload }) => payload.touched ?? []).map(pointIdOf);
      await this.#delete(segments, ids, { onlyBuilt: true });
      if (page.next_page_offset == null) return;
      offset = page.next_page_offset;
    }
  }

  #touchedPage(about: string, offset: PageOffset): Promise<TouchedPage> {
    const from = offset === null ? {} : { offset };
    return this.#calls.write(async (client) =>
      touchedSchema.parse(
        await client.scroll(about, { limit: perRequest.points, with_payload: true, ...from }),
      ),
    );
  }

  /** The best hits in one segment, or null where the generation has no such segment. */
  async search(collection: string, query: VectorQuery): Promise<VectorHit[] | null> {
    const { vector, limit, categories, ids } = query;
    const must = [
      ...(categories.length === 0 ? [] : [{ key: 'category', match: { any: [...categories] } }]),
      ...(ids === undefined ? [] : [{ has_id: ids.map(pointIdOf) }]),
    ];
    const filter = must.length === 0 ? {} : { filter: { must } };
    try {
      return await this.#calls.read(async (client) => {
        const answer = await client.query(collection, {
          query: [...vector],
          limit,
          with_payload: ['id'],
          ...filter,
        });
        return hitsSchema
          .parse(answer)
          .points.map(({ score, payload }) => ({ id: payload.id, similarity: score }));
      });
    } catch (error) {
      if (error instanceof MissingCollectionError) return null;
      throw error;
    }
  }

  async count(generation: QdrantGeneration): Promise<number> {
    let sum = 0;
    for (const segment of await this.#generations.segments(generation)) {
      const answer = await this.#calls.write((client) => client.count(segment, { exact: true }));
      sum += z.object({ count: z.int() }).parse(answer).count;
    }
    return sum;
  }

  async #delete(
    collections: readonly string[],
    ids: readonly string[],
    { onlyBuilt = false } = {},
  ): Promise<void> {
    if (ids.length === 0) return;
    const batches = slicesOf(ids, perRequest.points).map((batch) =>
      onlyBuilt
        ? { filter: { must: [{ has_id: batch }, { key: 'built', match: { value: true } }] } }
        : { points: batch },
    );
    await eachAtATime(collections, atATime, async (collection) => {
      for (const batch of batches) {
        await this.#calls.write((client) => client.delete(collection, { wait: true, ...batch }));
      }
    });
  }
}

function slicesOf<T>(values: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(values.length / size) }, (_, index) =>
    values.slice(index * size, (index + 1) * size),
  );
}
