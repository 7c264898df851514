import type { Database } from '#platform/database/database.ts';
import type { EveryConsumer } from '#platform/events/every-consumer.ts';
import { NeighbourModel } from './neighbour-model.ts';

/** What this process keeps in memory of the models that are served; exchanged whole when another version is. */
export interface ServedModels {
  /** Null before the first training. */
  readonly neighbours: NeighbourModel | null;
  /** How much each tag tells: its idf. A tag that no training has seen tells as much as the rarest. */
  tagWeight(tag: string): number;
}

/** Loads the served models and follows their versions without a restart. */
export class ModelShelf implements ServedModels {
  readonly #database: Database;
  #neighbours: NeighbourModel | null = null;
  #tagWeights: ReadonlyMap<string, number> = new Map();
  #rarest = 1;

  constructor(database: Database) {
    this.#database = database;
  }

  get neighbours(): NeighbourModel | null {
    return this.#neighbours;
  }

  tagWeight(tag: string): number {
    return this.#tagWeights.get(tag) ?? this.#rarest;
  }

  /** Reads everything anew. */
  async load(): Promise<void> {
    await Promise.all([this.#loadNeighbours(), this.#loadTagWeights()]);
  }

  /** Follows trainings, in this process and in others. */
  get consumer(): EveryConsumer {
    return {
      name: 'feed.models',
      types: ['model.trained'],
      handle: async (events) => {
        const names = new Set(
          events.flatMap((event) => (event.type === 'model.trained' ? [event.payload.name] : [])),
        );
        if (names.has('item-neighbours')) await this.#loadNeighbours();
        if (names.has('item-vectors')) await this.#loadTagWeights();
      },
      onGap: () => this.load(),
    };
  }

  async #loadNeighbours(): Promise<void> {
    this.#neighbours = await NeighbourModel.load(this.#database);
  }

  async #loadTagWeights(): Promise<void> {
    const rows = await this.#database.prisma.feedTagWeight.findMany();
    this.#tagWeights = new Map(rows.map(({ tag, idf }) => [tag, idf]));
    this.#rarest = rows.reduce((most, { idf }) => Math.max(most, idf), 1);
  }
}
