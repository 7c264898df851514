import { fnv1a32 } from './fnv1a32.ts';

/** One positive: a user chose an item. Ids in decimal. */
export interface Pair {
  readonly userId: string;
  readonly itemId: string;
}

export interface Split {
  readonly training: readonly Pair[];
  /** User → what was held out, for each user who is evaluated. */
  readonly heldOut: ReadonlyMap<string, ReadonlySet<string>>;
}

const leastPairs = 20;
const leastTrainingPairs = 10;

/**
 * Splits saves by hash, so that anybody gets the same split:
 * of users with 20 saves or more every ninth (`fnv1a32(user + ":eval-1") % 9 = 0`) is evaluated, of their saves every
 * fifth (`fnv1a32(user + ":" + item + ":split-1") % 5 = 0`) is held out, and all other pairs train. Users without a
 * held-out pair, or with fewer than 10 training pairs, are not evaluated.
 */
export function splitSaves(pairs: readonly Pair[]): Split {
  const counts = new Map<string, number>();
  for (const { userId } of pairs) counts.set(userId, (counts.get(userId) ?? 0) + 1);
  const selected = new Set(
    [...counts]
      .filter(([userId, count]) => count >= leastPairs && fnv1a32(`${userId}:eval-1`) % 9 === 0)
      .map(([userId]) => userId),
  );
  const training: Pair[] = [];
  const heldOut = new Map<string, Set<string>>();
  for (const pair of pairs) {
    const { userId, itemId } = pair;
    if (!selected.has(userId) || fnv1a32(`${userId}:${itemId}:split-1`) % 5 !== 0) {
      training.push(pair);
      continue;
    }
    const items = heldOut.get(userId) ?? new Set();
    heldOut.set(userId, items.add(itemId));
  }
  for (const [userId, items] of heldOut) {
    if ((counts.get(userId) ?? 0) - items.size < leastTrainingPairs) heldOut.delete(userId);
  }
  return { training, heldOut };
}

/** The sum of the pairs' hashes modulo 2³², to compare two splits by. */
export function checkSum(pairs: Iterable<Pair>): number {
  let sum = 0;
  for (const { userId, itemId } of pairs) sum = (sum + fnv1a32(`${userId}:${itemId}`)) >>> 0;
  return sum;
}

/** The held-out pairs one by one. */
export function pairsOf(heldOut: Split['heldOut']): Pair[] {
  return [...heldOut].flatMap(([userId, items]) => [...items].map((itemId) => ({ userId, itemId })));
}
