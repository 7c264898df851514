import type { ItemTraits } from './item-traits.ts';
import { itemNeighbours, popularityOf, type NeighbourParameters } from './item-neighbours.ts';
import { Largest } from './largest.ts';
import { rp3beta, type ChoiceMatrix, type Neighbours, type Rp3betaParameters } from './rp3beta.ts';
import { at } from './typed-array.ts';

export interface DeepParameters {
  readonly ease: NeighbourParameters;
  readonly rp3beta: Rp3betaParameters;
  /** Items that EASE is run on at most, the most chosen ones: it takes their square in memory and their cube in time. */
  readonly easeItems: number;
}

/**
 * Neighbours by EASE where the catalogue is small enough. In a larger one, EASE between the items that are chosen most,
 * and RP3beta for each pair with another item; its weights are scaled so that the lists of both add up alike.
 */
export async function deepNeighbours(
  choices: ChoiceMatrix,
  traits: ItemTraits,
  { ease, rp3beta: walk, easeItems }: DeepParameters,
  options: { threads: number; onProgress: (share: number) => void },
): Promise<Neighbours> {
  if (choices.itemCount <= easeItems) return itemNeighbours(choices, traits, ease, options);
  const chosen = mostChosen(choices, easeItems);
  const head = await itemNeighbours(narrow(choices, chosen), narrowTraits(traits, chosen), ease, options);
  return merge(head, chosen, rp3beta(choices, walk));
}

/** Numbers of the `limit` items that are chosen most, in ascending order. */
function mostChosen(choices: ChoiceMatrix, limit: number): Int32Array {
  const counts = popularityOf(choices);
  return Int32Array.from(counts.keys())
    .toSorted((a, b) => at(counts, b) - at(counts, a) || a - b)
    .slice(0, limit)
    .toSorted();
}

/** The choices of `kept` alone, which are numbered anew in their order. */
function narrow({ itemCount, offsets, items }: ChoiceMatrix, kept: Int32Array): ChoiceMatrix {
  const places = placesOf(kept, itemCount);
  const narrowed: number[] = [];
  const narrowedOffsets = new Int32Array(offsets.length);
  for (let user = 0; user + 1 < offsets.length; user++) {
    for (let index = at(offsets, user); index < at(offsets, user + 1); index++) {
      const place = at(places, at(items, index));
      if (place >= 0) narrowed.push(place);
    }
    narrowedOffsets[user + 1] = narrowed.length;
  }
  return { itemCount: kept.length, offsets: narrowedOffsets, items: Int32Array.from(narrowed) };
}

function narrowTraits({ vendors, tagOffsets, tags, idf }: ItemTraits, kept: Int32Array): ItemTraits {
  const lists = Array.from(kept, (item) => tags.subarray(at(tagOffsets, item), at(tagOffsets, item + 1)));
  const offsets = new Int32Array(kept.length + 1);
  for (const [place, list] of lists.entries()) offsets[place + 1] = at(offsets, place) + list.length;
  return {
    vendors: Int32Array.from(kept, (item) => at(vendors, item)),
    tagOffsets: offsets,
    tags: Int32Array.from(lists.flatMap((list) => [...list])),
    idf,
  };
}

/** Where each item stands in `kept`, −1 where it does not. */
function placesOf(kept: Int32Array, itemCount: number): Int32Array {
  const places = new Int32Array(itemCount).fill(-1);
  for (const [place, item] of kept.entries()) places[item] = place;
  return places;
}

function merge(head: Neighbours, chosen: Int32Array, walk: Neighbours): Neighbours {
  const { k } = walk;
  const itemCount = walk.items.length / k;
  const places = placesOf(chosen, itemCount);
  const walked = sumOfRows(walk, chosen);
  const scale = walked > 0 ? sumOf(head.scores) / walked : 1;
  const merged = {
    k,
    items: new Int32Array(itemCount * k).fill(-1),
    scores: new Float32Array(itemCount * k),
  };
  const best = new Largest(k);
  for (let item = 0; item < itemCount; item++) {
    best.clear();
    const place = at(places, item);
    if (place >= 0) {
      eachNeighbour(head, place, (other, score) => best.offer(at(chosen, other), score));
    }
    eachNeighbour(walk, item, (other, score) => {
      if (place < 0 || at(places, other) < 0) best.offer(other, score * scale);
    });
    best.writeTo(merged.items, merged.scores, item * k);
  }
  return merged;
}

function eachNeighbour(
  { k, items, scores }: Neighbours,
  item: number,
  visit: (other: number, score: number) => void,
): void {
  for (let index = item * k; index < (item + 1) * k; index++) {
    const other = at(items, index);
    if (other < 0) return;
    visit(other, at(scores, index));
  }
}

function sumOf(values: Float32Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}

function sumOfRows({ k, scores }: Neighbours, rows: Int32Array): number {
  let sum = 0;
  for (const row of rows) sum += sumOf(scores.subarray(row * k, (row + 1) * k));
  return sum;
}
