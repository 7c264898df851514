import type { Database } from '#platform/database/database.ts';
import { Largest } from './largest.ts';
import type { Neighbours } from './rp3beta.ts';
import { at, joined } from './typed-array.ts';
import { decodeInts, decodeVector } from './vector-bytes.ts';

/** How near items and vendors are to a history. */
export interface Similarities {
  /** The items with a similarity above 0 that are not of the history, the nearest first, `limit` at most. */
  nearest(limit: number): { readonly id: string; readonly similarity: number }[];
  /** The summed weights of an item as a neighbour of the history; 0 for one that is none. */
  ofItem(id: string): number;
  /** The mean of `ofItem` over a vendor's items that were chosen by somebody; 0 for an unknown vendor. */
  ofVendor(id: string): number;
}

/** Parts in one statement. */
const partsAtOnce = 20;

/** A version of the item-to-item model, in memory. 10,000 items with 100 neighbours take 8 MB. */
export class NeighbourModel {
  readonly version: number;
  readonly #ids: readonly string[];
  readonly #numbers: ReadonlyMap<string, number>;
  readonly #vendors: readonly string[];
  readonly #vendorItems: ReadonlyMap<string, number>;
  readonly #k: number;
  readonly #neighbours: Int32Array;
  readonly #scores: Float32Array;
  readonly #sums: Float64Array;

  private constructor(version: number, ids: readonly string[], vendors: readonly string[], lists: Lists) {
    this.version = version;
    this.#ids = ids;
    this.#numbers = new Map(ids.map((id, number) => [id, number]));
    this.#vendors = vendors;
    const vendorItems = new Map<string, number>();
    for (const vendor of vendors) vendorItems.set(vendor, (vendorItems.get(vendor) ?? 0) + 1);
    this.#vendorItems = vendorItems;
    this.#k = ids.length === 0 ? 0 : lists.neighbours.length / ids.length;
    this.#neighbours = lists.neighbours;
    this.#scores = lists.scores;
    this.#sums = new Float64Array(ids.length);
  }

  /** A model that is kept nowhere: `lists` as they were trained, of the items `ids`. */
  static of(ids: readonly string[], vendors: readonly string[], lists: Neighbours): NeighbourModel {
    return new NeighbourModel(0, ids, vendors, { neighbours: lists.items, scores: lists.scores });
  }

  /** Reads the served version; null before the first training. */
  static async load(database: Database): Promise<NeighbourModel | null> {
    const model = await database.prisma.feedModelVersion.findUnique({ where: { name: 'item-neighbours' } });
    const version = model?.version ?? 0;
    if (version === 0) return null;
    const ids: string[] = [];
    const vendors: string[] = [];
    const neighbours: Int32Array[] = [];
    const scores: Float32Array[] = [];
    for (let from = 0; ; from += partsAtOnce) {
      const parts = await database.prisma.feedItemNeighbours.findMany({
        where: { version, part: { gte: from, lt: from + partsAtOnce } },
        orderBy: { part: 'asc' },
      });
      if (parts.length === 0) break;
      for (const part of parts) {
        ids.push(...part.contentIds);
        vendors.push(...part.vendorIds);
        neighbours.push(decodeInts(part.neighbours));
        scores.push(decodeVector(part.scores));
      }
    }
    return new NeighbourModel(version, ids, vendors, {
      neighbours: joined(neighbours, (length) => new Int32Array(length)),
      scores: joined(scores, (length) => new Float32Array(length)),
    });
  }

  /** Sums up the lists of the items of `history` that the model knows. */
  similarities(history: readonly string[]): Similarities {
    const own = new Set(history.flatMap((id) => this.#numbers.get(id) ?? []));
    const touched: number[] = [];
    for (const item of own) {
      for (let index = item * this.#k; index < (item + 1) * this.#k; index++) {
        const other = at(this.#neighbours, index);
        if (other < 0) break;
        const sum = at(this.#sums, other);
        if (sum === 0) touched.push(other);
        this.#sums[other] = sum + at(this.#scores, index);
      }
    }
    const items = new Map<number, number>();
    const vendors = new Map<string, number>();
    for (const item of touched) {
      const sum = at(this.#sums, item);
      this.#sums[item] = 0;
      if (own.has(item)) continue;
      items.set(item, sum);
      const vendor = this.#vendors[item] ?? '';
      vendors.set(vendor, (vendors.get(vendor) ?? 0) + sum);
    }
    return {
      nearest: (limit) => this.#nearest(items, limit),
      ofItem: (id) => items.get(this.#numbers.get(id) ?? -1) ?? 0,
      ofVendor: (id) => (vendors.get(id) ?? 0) / (this.#vendorItems.get(id) ?? 1),
    };
  }

  #nearest(items: ReadonlyMap<number, number>, limit: number): { id: string; similarity: number }[] {
    const best = new Largest(Math.min(limit, items.size));
    for (const [item, similarity] of items) best.offer(item, similarity);
    const numbers = new Int32Array(Math.min(limit, items.size));
    best.writeTo(numbers, new Float32Array(numbers.length), 0);
    return Array.from(numbers, (item) => ({
      id: this.#ids[item] ?? '',
      similarity: items.get(item) ?? 0,
    }));
  }
}

interface Lists {
  readonly neighbours: Int32Array;
  readonly scores: Float32Array;
}
