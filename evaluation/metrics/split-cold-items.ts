import { fnv1a32 } from './fnv1a32.ts';
import type { Pair, Split } from './split-saves.ts';

/** What is needed to judge recommendations of items that nobody has saved yet. */
export interface ColdSplit {
  /** The items that are hidden from training, and the candidates of every user. */
  readonly hidden: ReadonlySet<string>;
  /** The training pairs of the others. */
  readonly training: readonly Pair[];
  /** User → which hidden items are theirs. */
  readonly heldOut: ReadonlyMap<string, ReadonlySet<string>>;
}

/**
 * Hides every tenth item (`fnv1a32(item + ":cold-1") % 10 = 0`) of a split of saves: none of its pairs train, and all of
 * them, held out before or not, are to be found for the evaluated users. Those without any leave the evaluation.
 */
export function splitColdItems(warm: Split, itemIds: Iterable<string>): ColdSplit {
  const hidden = new Set<string>();
  for (const itemId of itemIds) if (fnv1a32(`${itemId}:cold-1`) % 10 === 0) hidden.add(itemId);
  const training: Pair[] = [];
  const heldOut = new Map([...warm.heldOut].map(([userId, items]) => [userId, items.intersection(hidden)]));
  for (const pair of warm.training) {
    if (hidden.has(pair.itemId)) heldOut.get(pair.userId)?.add(pair.itemId);
    else training.push(pair);
  }
  for (const [userId, items] of heldOut) if (items.size === 0) heldOut.delete(userId);
  return { hidden, training, heldOut };
}
