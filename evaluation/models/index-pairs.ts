import type { Pair } from '../metrics/split-saves.ts';
import type { Training } from './model.ts';

export interface IndexedPairs {
  readonly training: Training;
  /** Item id → number; in the order of the numeric ids. */
  readonly itemNumbers: ReadonlyMap<string, number>;
  /** A user's items, as numbers; none for a user without pairs. */
  readonly itemsOf: (userId: string) => Int32Array;
}

const none = new Int32Array(0);

/** Numbers the items and users of training pairs, each of which is there once. */
export function indexPairs(pairs: readonly Pair[]): IndexedPairs {
  const itemIds = [...new Set(pairs.map(({ itemId }) => itemId))].toSorted((a, b) => Number(a) - Number(b));
  const itemNumbers = new Map(itemIds.map((itemId, number) => [itemId, number]));
  const byUser = Map.groupBy(pairs, ({ userId }) => userId);
  const offsets = new Int32Array(byUser.size + 1);
  const items = new Int32Array(pairs.length);
  const counts = new Int32Array(itemIds.length);
  const userNumbers = new Map<string, number>();
  let next = 0;
  for (const [userId, own] of byUser) {
    for (const { itemId } of own) {
      const item = itemNumbers.get(itemId) ?? 0;
      counts[item] = (counts[item] ?? 0) + 1;
      items[next++] = item;
    }
    userNumbers.set(userId, userNumbers.size);
    offsets[userNumbers.size] = next;
  }
  return {
    training: { itemCount: itemIds.length, offsets, items, itemIds, counts },
    itemNumbers,
    itemsOf: (userId) => {
      const user = userNumbers.get(userId);
      return user === undefined ? none : items.subarray(offsets[user], offsets[user + 1]);
    },
  };
}
