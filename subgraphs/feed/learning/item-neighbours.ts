import { invertPositiveDefinite } from '#platform/linear-algebra/invert-positive-definite.ts';
import type { SharedSquare } from '#platform/linear-algebra/shared-square.ts';
import { itemGram, type GramParameters } from './item-gram.ts';
import type { ItemTraits } from './item-traits.ts';
import { Largest } from './largest.ts';
import type { ChoiceMatrix, Neighbours } from './rp3beta.ts';
import { at } from './typed-array.ts';

export interface NeighbourParameters extends GramParameters {
  /** Neighbours that an item keeps. */
  readonly k: number;
  /** An item's weight as somebody's neighbour is multiplied by (its choices)^−discount. */
  readonly discount: number;
}

/**
 * Neighbours by EASE (Steck, "Embarrassingly shallow autoencoders for sparse data", WWW 2019) on a gram matrix that knows
 * vendors and tags too: with P the inverse of `itemGram`, W_ij = −P_ij / P_jj · c_j^−discount for i ≠ j, of which each item
 * i keeps its k largest positive ones. A user's score of j is the sum of W_ij over the items i of the history.
 * Takes 4 · items² bytes and some items³ operations, on `threads` threads.
 */
export async function itemNeighbours(
  choices: ChoiceMatrix,
  traits: ItemTraits,
  { k, discount, ...gram }: NeighbourParameters,
  { threads, onProgress }: { threads: number; onProgress: (share: number) => void },
): Promise<Neighbours> {
  const square = itemGram(choices, traits, gram, (share) => onProgress(share / 5));
  await invertPositiveDefinite(square, {
    threads,
    onProgress: (done, total) => onProgress(1 / 5 + (4 / 5) * (done / total)),
  });
  return largestOfRows(square, popularityOf(choices), { k, discount });
}

function largestOfRows(
  { values, stride, size }: SharedSquare,
  popularity: Float64Array,
  { k, discount }: { k: number; discount: number },
): Neighbours {
  const targets = Float64Array.from(
    { length: size },
    (_, item) => -(Math.max(1, at(popularity, item)) ** -discount) / at(values, item * stride + item),
  );
  const best = new Largest(k);
  const neighbours = { k, items: new Int32Array(size * k).fill(-1), scores: new Float32Array(size * k) };
  for (let item = 0; item < size; item++) {
    best.clear();
    for (let other = 0; other < size; other++) {
      const weight = at(values, item * stride + other) * at(targets, other);
      if (weight > 0 && other !== item) best.offer(other, weight);
    }
    best.writeTo(neighbours.items, neighbours.scores, item * k);
  }
  return neighbours;
}

/** How many users chose each item. */
export function popularityOf({ itemCount, items }: ChoiceMatrix): Float64Array {
  const counts = new Float64Array(itemCount);
  for (const item of items) counts[item] = at(counts, item) + 1;
  return counts;
}
