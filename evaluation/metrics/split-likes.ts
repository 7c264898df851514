import type { Like } from '../datasets/movielens.ts';
import type { Split } from './split-saves.ts';

const leastLikes = 10;

/**
 * Splits likes by time, for each user apart: of users with 10 likes or more the last fifth (at least one; by time,
 * then by item id) is held out, the others train. Users with fewer leave the data. Others' later likes are in training,
 * so this does not simulate what was known at a time.
 */
export function splitLikes(likes: Iterable<Like>): Split & { readonly training: readonly Like[] } {
  const training: Like[] = [];
  const heldOut = new Map<string, Set<string>>();
  for (const [userId, own] of Map.groupBy(likes, (like) => like.userId)) {
    if (own.length < leastLikes) continue;
    const inOrder = own.toSorted((a, b) => a.at - b.at || Number(a.itemId) - Number(b.itemId));
    const cut = own.length - Math.max(1, Math.floor(own.length / 5));
    training.push(...inOrder.slice(0, cut));
    heldOut.set(userId, new Set(inOrder.slice(cut).map(({ itemId }) => itemId)));
  }
  return { training, heldOut };
}
