import type { Database } from '#platform/database/database.ts';
import type { Logger } from '#platform/logging/logger.ts';
import { Refresh } from '#platform/resilience/refresh.ts';
import { meets, type RequestedFacts } from '../filters/requested-filter.ts';
import type { FeedQuery } from '../pipeline/component.ts';
import { splitTags } from '../pipeline/split-tags.ts';
import type { Uniform } from './beta.ts';

/** What a pool is made of at most; a block holds some ten to thirty items. */
const sampled = { blocks: 600, items: 20_000 };

/** Draws for each item that is wanted, at most: a narrow filter may leave nothing. */
const drawsPerItem = 50;

/** How often the pool is drawn anew, in ms. */
const refreshMs = 5 * 60_000;

interface PooledItem extends RequestedFacts {
  readonly id: string;
  readonly region: string;
}

interface Row extends Omit<PooledItem, 'tags'> {
  /** Slugs, joined by spaces. */
  readonly tags: string;
}

/**
 * A random sample of the live items, in memory, for the exploration source: old items get their turn as well as new ones, and
 * no feed waits for the database. Items that were removed since are in it until it is drawn anew.
 */
export class ExplorationPool {
  readonly #database: Database;
  readonly #refresh: Refresh;
  readonly #uniform: Uniform;
  #byRegion: ReadonlyMap<string, readonly PooledItem[]> = new Map();

  constructor(database: Database, logger: Logger, uniform: Uniform) {
    this.#database = database;
    this.#uniform = uniform;
    this.#refresh = new Refresh(() => this.load(), {
      everyMs: refreshMs,
      onFailure: (error) => logger.warn({ err: error }, 'items to explore were not read and will be again'),
    });
  }

  /**
   * Ids of at most `limit` items of the allowed regions, in random order, that meet the request's filter and that
   * `isWanted`. Each item has the same chance; of a filter that few items meet there may be none.
   */
  draw({ regions, filter }: FeedQuery, limit: number, isWanted: (id: string) => boolean): string[] {
    const allowed = [...new Set(regions ?? this.#byRegion.keys())];
    const pools = allowed.map((region) => this.#byRegion.get(region) ?? []);
    const size = pools.reduce((sum, { length }) => sum + length, 0);
    const drawn: string[] = [];
    // Fisher and Yates' shuffle of the places, of which only the moved ones are noted.
    const moved = new Map<number, number>();
    const draws = Math.min(size, limit * drawsPerItem);
    for (let place = 0; place < draws && drawn.length < limit; place++) {
      const other = place + Math.floor(this.#uniform() * (size - place));
      const item = itemAt(pools, moved.get(other) ?? other);
      moved.set(other, moved.get(place) ?? place);
      if (item !== undefined && meets(filter, item) && isWanted(item.id)) drawn.push(item.id);
    }
    return drawn;
  }

  /** Draws the pool now, and anew every five minutes. */
  start(): Promise<void> {
    return this.#refresh.start();
  }

  stop(): Promise<void> {
    return this.#refresh.stop();
  }

  /** Draws the pool once. It reads some blocks of the table, so that the cost does not grow with the catalogue. */
  async load(): Promise<void> {
    const rows = await this.#database.read<Row>`
      SELECT c.id, c.vendor_id AS "vendorId", c.category, c.region, array_to_string(c.tags, ' ') AS tags, c.quality
      FROM feed.content c TABLESAMPLE SYSTEM (least(100, ${100 * sampled.blocks}::float8
        / greatest(1, pg_relation_size('feed.content') / current_setting('block_size')::int)))
      WHERE c.removed_at IS NULL
      LIMIT ${sampled.items}`;
    this.#byRegion = Map.groupBy(
      rows.map(({ tags, ...row }) => ({ ...row, tags: splitTags(tags) })),
      ({ region }) => region,
    );
  }
}

/** The item at `place` of `pools` one after the other. */
function itemAt(pools: readonly (readonly PooledItem[])[], place: number): PooledItem | undefined {
  let rest = place;
  for (const pool of pools) {
    if (rest < pool.length) return pool[rest];
    rest -= pool.length;
  }
  return undefined;
}
