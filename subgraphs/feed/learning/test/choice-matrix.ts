import fc from 'fast-check';
import type { ChoiceMatrix, Neighbours } from '../rp3beta.ts';

/** A neighbour and its weight. */
export type Neighbour = readonly [item: number, score: number];

/** Choices from lists of items, one list per user. */
export function matrixOf(itemCount: number, users: readonly (readonly number[])[]): ChoiceMatrix {
  const offsets = new Int32Array(users.length + 1);
  for (const [user, items] of users.entries()) offsets[user + 1] = (offsets[user] ?? 0) + items.length;
  return { itemCount, offsets, items: Int32Array.from(users.flat()) };
}

/** An item's list, the strongest first. */
export function neighboursOf({ k, items, scores }: Neighbours, item: number): Neighbour[] {
  return Array.from(items.subarray(item * k, (item + 1) * k), (other, index): Neighbour => {
    return [other, scores[item * k + index] ?? Number.NaN];
  }).filter(([other]) => other >= 0);
}

/** How many users chose each item. */
export function countsOf(itemCount: number, users: readonly (readonly number[])[]): number[] {
  return Array.from({ length: itemCount }, (_, item) => users.filter((items) => items.includes(item)).length);
}

/** Lists of items below `itemCount`, one per user. */
export function usersOf(itemCount: number): fc.Arbitrary<number[][]> {
  return fc.array(fc.uniqueArray(fc.nat(itemCount - 1)), { maxLength: 20 });
}

/** A vendor and tags for each item, as the catalogue has them. */
export function entriesOf(itemCount: number): fc.Arbitrary<{ vendor: string; tags: string[] }[]> {
  return fc.array(
    fc.record({
      vendor: fc.constantFrom('v', 'w', 'x'),
      tags: fc.uniqueArray(fc.constantFrom('red', 'dried', 'rustic', 'grand', 'wild'), { maxLength: 4 }),
    }),
    { minLength: itemCount, maxLength: itemCount },
  );
}
