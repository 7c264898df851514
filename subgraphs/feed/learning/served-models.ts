import type { Database } from '#platform/database/database.ts';
import type { EveryConsumer } from '#platform/events/every-consumer.ts';
import { ForecasterModel, type Forecaster } from './forecaster/forecaster-model.ts';
import { NeighbourModel } from './neighbour-model.ts';
import { TasteClusters } from './taste-clusters/taste-clusters.ts';

/** What this process keeps in memory of the models that are served; exchanged whole when another version is. */
export interface ServedModels {
  /** Null before the first training. */
  readonly neighbours: NeighbourModel | null;
  /** Null before the first training, and where there was too little to learn from. */
  readonly forecaster: Forecaster | null;
  /** Null before the first training. */
  readonly tasteClusters: TasteClusters | null;
  /** How much each tag tells: its idf. A tag that no training has seen tells as much as the rarest. */
  tagWeight(tag: string): number;
}

/** Loads the served models and follows their versions without a restart. */
export class ModelShelf implements ServedModels {
  readonly #database: Database;
  #isLoaded = false;
  #neighbours: NeighbourModel | null = null;
  #forecaster: Forecaster | null = null;
  #tasteClusters: TasteClusters | null = null;
  #tagWeights: ReadonlyMap<string, number> = new Map();
  #rarest = 1;

  constructor(database: Database) {
    this.#database = database;
  }

  get neighbours(): NeighbourModel | null {
    return this.#neighbours;
  }

  get forecaster(): Forecaster | null {
    return this.#forecaster;
  }

  get tasteClusters(): TasteClusters | null {
    return this.#tasteClusters;
  }

  tagWeight(tag: string): number {
    return this.#tagWeights.get(tag) ?? this.#rarest;
  }

  /** Reads everything anew. */
  async load(): Promise<void> {
    await Promise.all([
      this.#loadNeighbours(),
      this.#loadTagWeights(),
      this.#loadForecaster(),
      this.#loadTasteClusters(),
    ]);
    this.#isLoaded = true;
  }

  /** Reads everything, unless that has been read once; from then on `consumer` follows. */
  async loadOnce(): Promise<void> {
    if (!this.#isLoaded) await this.load();
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
        if (names.has('forecaster')) await this.#loadForecaster();
        if (names.has('taste-clusters')) await this.#loadTasteClusters();
      },
      onGap: () => this.load(),
    };
  }

  async #loadNeighbours(): Promise<void> {
    this.#neighbours = await NeighbourModel.load(this.#database);
  }

  async #loadForecaster(): Promise<void> {
    this.#forecaster = await ForecasterModel.load(this.#database);
  }

  async #loadTasteClusters(): Promise<void> {
    this.#tasteClusters = await TasteClusters.load(this.#database);
  }

  async #loadTagWeights(): Promise<void> {
    const rows = await this.#database.prisma.feedTagWeight.findMany();
    this.#tagWeights = new Map(rows.map(({ tag, idf }) => [tag, idf]));
    this.#rarest = rows.reduce((most, { idf }) => Math.max(most, idf), 1);
  }
}
