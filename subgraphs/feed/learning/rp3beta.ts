import { Largest } from './largest.ts';
import { at } from './typed-array.ts';

/** Who chose what, as numbers: user u chose `items[offsets[u]] … items[offsets[u + 1] - 1]`, each once. */
export interface ChoiceMatrix {
  readonly itemCount: number;
  readonly offsets: Int32Array<ArrayBuffer>;
  readonly items: Int32Array<ArrayBuffer>;
}

/** Item i's neighbours are `items[i · k] …`, the strongest first; a shorter list ends with −1. */
export interface Neighbours {
  readonly k: number;
  readonly items: Int32Array<ArrayBuffer>;
  readonly scores: Float32Array<ArrayBuffer>;
}

export interface Rp3betaParameters {
  readonly k: number;
  readonly alpha: number;
  readonly beta: number;
}

/**
 * Item-to-item weights of RP3beta (Paudel et al., "Updatable, accurate, diverse, and scalable recommendations for
 * interactive applications", TiiS 2017), a three-step random walk with discounted popularity:
 * W_ij = c_i^−α · (Σ over users u with i and j of n_u^−α) · c_j^−β, W_ii = 0,
 * where c is the number of users of an item and n the number of items of a user. Keeps the k largest of each i;
 * of equals the lower number. `onProgress` hears how many items are done.
 */
export function rp3beta(
  matrix: ChoiceMatrix,
  { k, alpha, beta }: Rp3betaParameters,
  onProgress: (done: number) => void = () => undefined,
): Neighbours {
  const { itemCount, offsets, items } = matrix;
  const users = invertChoices(matrix);
  const userWeights = Float64Array.from({ length: offsets.length - 1 }, (_, user) => {
    return (at(offsets, user + 1) - at(offsets, user)) ** -alpha;
  });
  const sourceWeights = Float64Array.from({ length: itemCount }, (_, item) => degree(users, item) ** -alpha);
  const targetWeights = Float64Array.from({ length: itemCount }, (_, item) => degree(users, item) ** -beta);
  const sums = new Float64Array(itemCount);
  const touched = new Int32Array(itemCount);
  const best = new Largest(k);
  const neighbours = {
    k,
    items: new Int32Array(itemCount * k).fill(-1),
    scores: new Float32Array(itemCount * k),
  };
  for (let item = 0; item < itemCount; item++) {
    let touchedCount = 0;
    for (let at1 = at(users.offsets, item); at1 < at(users.offsets, item + 1); at1++) {
      const user = at(users.items, at1);
      const weight = at(userWeights, user);
      for (let at2 = at(offsets, user); at2 < at(offsets, user + 1); at2++) {
        const other = at(items, at2);
        if (other === item) continue;
        if (at(sums, other) === 0) touched[touchedCount++] = other;
        sums[other] = at(sums, other) + weight;
      }
    }
    best.clear();
    for (let index = 0; index < touchedCount; index++) {
      const other = at(touched, index);
      best.offer(other, at(sourceWeights, item) * at(sums, other) * at(targetWeights, other));
      sums[other] = 0;
    }
    best.writeTo(neighbours.items, neighbours.scores, item * k);
    if (item % 500 === 499) onProgress(item + 1);
  }
  onProgress(itemCount);
  return neighbours;
}

/** Users by item instead of items by user. */
export function invertChoices({ itemCount, offsets, items }: ChoiceMatrix): {
  offsets: Int32Array;
  items: Int32Array;
} {
  const starts = new Int32Array(itemCount + 1);
  for (const item of items) starts[item + 1] = at(starts, item + 1) + 1;
  for (let item = 0; item < itemCount; item++) starts[item + 1] = at(starts, item + 1) + at(starts, item);
  const next = starts.slice();
  const users = new Int32Array(items.length);
  for (let user = 0; user + 1 < offsets.length; user++) {
    for (let index = at(offsets, user); index < at(offsets, user + 1); index++) {
      const item = at(items, index);
      const place = at(next, item);
      users[place] = user;
      next[item] = place + 1;
    }
  }
  return { offsets: starts, items: users };
}

function degree({ offsets }: { offsets: Int32Array }, item: number): number {
  return at(offsets, item + 1) - at(offsets, item);
}
