import type { BookFeatures } from '../datasets/goodbooks.ts';

/** Tags and vendors as numbers, of the items that users have and of the candidates, by their numbers. */
export interface ItemFeatures {
  readonly tagCount: number;
  readonly vendorCount: number;
  readonly known: FeatureRows;
  readonly candidates: FeatureRows;
}

interface FeatureRows {
  /** The tags of each item, ascending: sums over equal sets have to be equal, to the last bit. */
  readonly tags: readonly Int32Array[];
  readonly vendors: Int32Array;
}

/**
 * Numbers the features of the items of a training and of candidates that are new to it.
 * @throws Error for an item without features.
 */
export function indexFeatures(
  features: Iterable<BookFeatures>,
  knownIds: readonly string[],
  candidateIds: readonly string[],
): ItemFeatures {
  const byItem = new Map([...features].map((item) => [item.itemId, item]));
  const tags = new Map<string, number>();
  const vendors = new Map<string, number>();
  const rowsOf = (itemIds: readonly string[]): FeatureRows => {
    const items = itemIds.map((itemId) => {
      const item = byItem.get(itemId);
      if (item === undefined) throw new Error(`Item ${itemId} has no features.`);
      return item;
    });
    return {
      tags: items.map((item) => Int32Array.from(item.tags, (tag) => numberOf(tags, tag)).toSorted()),
      vendors: Int32Array.from(items, (item) => numberOf(vendors, item.vendorId)),
    };
  };
  const known = rowsOf(knownIds);
  const candidates = rowsOf(candidateIds);
  return { tagCount: tags.size, vendorCount: vendors.size, known, candidates };
}

function numberOf(numbers: Map<string, number>, name: string): number {
  const number = numbers.get(name) ?? numbers.size;
  numbers.set(name, number);
  return number;
}

/** How many of the user's items have each tag, written to `counts`. */
export function countTags({ known }: ItemFeatures, items: Int32Array, counts: Float64Array): Float64Array {
  counts.fill(0);
  for (const item of items) for (const tag of known.tags[item] ?? []) counts[tag] = (counts[tag] ?? 0) + 1;
  return counts;
}
