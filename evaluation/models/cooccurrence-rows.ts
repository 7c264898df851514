import type { Training } from './model.ts';

/**
 * Calls `visit` for each item with the others that share users with it, in any order, and for each item number the sum
 * of the weights of those users; 1 each unless `weightOf` is given, from a user's number of items. Both arrays are used
 * again for the next item. `others` has not the item itself.
 */
export function forEachCooccurrenceRow(
  training: Training,
  visit: (item: number, others: Int32Array, sums: Float64Array) => void,
  weightOf: (items: number) => number = () => 1,
): void {
  const { itemCount, offsets, items } = training;
  const { starts, users } = usersByItem(training);
  const weights = new Float64Array(offsets.length - 1);
  for (let user = 0; user < weights.length; user++) {
    weights[user] = weightOf((offsets[user + 1] ?? 0) - (offsets[user] ?? 0));
  }
  const sums = new Float64Array(itemCount);
  const others = new Int32Array(itemCount);
  for (let item = 0; item < itemCount; item++) {
    let count = 0;
    const last = starts[item + 1] ?? 0;
    for (let at = starts[item] ?? 0; at < last; at++) {
      const user = users[at] ?? 0;
      const weight = weights[user] ?? 0;
      const end = offsets[user + 1] ?? 0;
      for (let place = offsets[user] ?? 0; place < end; place++) {
        const other = items[place] ?? 0;
        if (other === item) continue;
        const sum = sums[other] ?? 0;
        if (sum === 0) others[count++] = other;
        sums[other] = sum + weight;
      }
    }
    visit(item, others.subarray(0, count), sums);
    for (let index = 0; index < count; index++) sums[others[index] ?? 0] = 0;
  }
}

/** Who has item i: `users[starts[i]] … users[starts[i + 1] − 1]`. */
function usersByItem({ itemCount, offsets, items, counts }: Training): {
  starts: Int32Array;
  users: Int32Array;
} {
  const starts = new Int32Array(itemCount + 1);
  for (let item = 0; item < itemCount; item++) starts[item + 1] = (starts[item] ?? 0) + (counts[item] ?? 0);
  const next = starts.slice();
  const users = new Int32Array(items.length);
  for (let user = 0; user + 1 < offsets.length; user++) {
    const end = offsets[user + 1] ?? 0;
    for (let place = offsets[user] ?? 0; place < end; place++) {
      const item = items[place] ?? 0;
      const at = next[item] ?? 0;
      users[at] = user;
      next[item] = at + 1;
    }
  }
  return { starts, users };
}
