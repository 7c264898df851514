import type { QdrantClient } from '@qdrant/js-client-rest';
import { z } from 'zod';
import type { QdrantCalls } from './qdrant-calls.ts';
import { MissingCollectionError } from './qdrant-failure.ts';
import { pointIdOf, type QdrantNames } from './qdrant-names.ts';

/** One complete set of segments. */
export interface QdrantGeneration {
  readonly name: string;
  readonly version: string | null;
  readonly dimensions: number;
}

type AliasActions = Parameters<QdrantClient['updateCollectionAliases']>[0]['actions'];

const aboutSchema = z.object({
  name: z.string(),
  version: z.string().nullable(),
  dimensions: z.int().positive(),
});
const recordsSchema = z.array(z.object({ payload: z.object({ about: aboutSchema }) }));
const collectionsSchema = z.object({ collections: z.array(z.object({ name: z.string() })) });

const aboutId = pointIdOf('about this generation');
/** The fields that filters are on: Qdrant may refuse a filter on one without an index. */
const filterable = [
  ['category', 'keyword'],
  ['built', 'bool'],
] as const;
/** Points of the collection that describes a generation have no vectors to search. */
const noVector = [1];

/**
 * The generations of an index in Qdrant. One alias says which of them is searched: moving it swaps all segments at
 * one stroke. A generation is a collection per region and one that describes it.
 */
export class QdrantGenerations {
  readonly #calls: QdrantCalls;
  readonly #names: QdrantNames;

  constructor(calls: QdrantCalls, names: QdrantNames) {
    this.#calls = calls;
    this.#names = names;
  }

  /** The generation that is searched, or null before the first. */
  current(): Promise<QdrantGeneration | null> {
    return this.#at(this.#names.current);
  }

  /** The generation that some process is building, or null. */
  next(): Promise<QdrantGeneration | null> {
    return this.#at(this.#names.next);
  }

  /** Creates an empty generation, unless another process was faster, and points an alias at it. */
  async create(generation: QdrantGeneration, alias: 'current' | 'next'): Promise<void> {
    const collection = this.#names.about(generation.name);
    await this.#createCollection(collection, { size: noVector.length, distance: 'Dot' });
    const points = [{ id: aboutId, vector: noVector, payload: { about: { ...generation } } }];
    await this.#calls.write((client) => client.upsert(collection, { wait: true, points }));
    const name = this.#names[alias];
    await this.#alias([
      { delete_alias: { alias_name: name } },
      { create_alias: { alias_name: name, collection_name: collection } },
    ]);
  }

  /** Makes the next generation the current one. */
  async swap(generation: QdrantGeneration): Promise<void> {
    await this.#alias([
      { delete_alias: { alias_name: this.#names.next } },
      { delete_alias: { alias_name: this.#names.current } },
      {
        create_alias: {
          alias_name: this.#names.current,
          collection_name: this.#names.about(generation.name),
        },
      },
    ]);
  }

  /** Deletes the collections of every generation but `kept`, and the next alias if its generation goes. */
  async dropAllBut(kept: readonly string[]): Promise<void> {
    const next = await this.next();
    if (next !== null && !kept.includes(next.name)) {
      await this.#alias([{ delete_alias: { alias_name: this.#names.next } }]);
    }
    for (const collection of await this.#collections(this.#names.start)) {
      const generation = collection.slice(this.#names.start.length).split('--', 1)[0] ?? '';
      if (!kept.includes(generation)) {
        await this.#calls.write((client) => client.deleteCollection(collection));
      }
    }
  }

  /** The collections of a generation's segments. */
  segments(generation: QdrantGeneration): Promise<string[]> {
    return this.#collections(this.#names.segments(generation.name));
  }

  /** Creates the segment of a region where it is missing; returns its collection. */
  async createSegment(generation: QdrantGeneration, region: string): Promise<string> {
    const collection = this.#names.segment(generation.name, region);
    await this.#createCollection(collection, { size: generation.dimensions, distance: 'Cosine' });
    for (const [name, type] of filterable) {
      await this.#calls.write((client) =>
        client.createPayloadIndex(collection, { field_name: name, field_schema: type, wait: true }),
      );
    }
    return collection;
  }

  async #at(alias: string): Promise<QdrantGeneration | null> {
    try {
      return await this.#calls.read(async (client) => {
        const records = await client.retrieve(alias, { ids: [aboutId], with_payload: true });
        return recordsSchema.parse(records)[0]?.payload.about ?? null;
      });
    } catch (error) {
      if (error instanceof MissingCollectionError) return null;
      throw error;
    }
  }

  async #createCollection(
    collection: string,
    vectors: { size: number; distance: 'Cosine' | 'Dot' },
  ): Promise<void> {
    await this.#calls.write(async (client) => {
      const { exists } = await client.collectionExists(collection);
      if (exists) return;
      try {
        await client.createCollection(collection, { vectors });
      } catch (error) {
        // Another process may have created it in between.
        if (!(await client.collectionExists(collection)).exists) throw error;
      }
    });
  }

  async #collections(start: string): Promise<string[]> {
    const { collections } = await this.#calls.read(async (client) =>
      collectionsSchema.parse(await client.getCollections()),
    );
    return collections.map(({ name }) => name).filter((name) => name.startsWith(start));
  }

  async #alias(actions: AliasActions): Promise<void> {
    await this.#calls.write((client) => client.updateCollectionAliases({ actions }));
  }
}
