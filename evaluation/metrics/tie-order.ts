import { fnv1a32 } from './fnv1a32.ts';

/**
 * The place of each item among those of equal score: by `fnv1a32(item + ":tie-1")` ascending, then by number. Numbers
 * follow popularity in some data sets, so they must not break ties by themselves.
 */
export function tieOrder(itemIds: readonly string[]): Int32Array {
  const hashes = itemIds.map((itemId) => fnv1a32(`${itemId}:tie-1`));
  const order = Array.from(itemIds.keys()).toSorted((a, b) => (hashes[a] ?? 0) - (hashes[b] ?? 0) || a - b);
  const ties = new Int32Array(itemIds.length);
  for (const [place, item] of order.entries()) ties[item] = place;
  return ties;
}
