import type { TrendingShelf } from '../fallback/trending-shelf.ts';
import { candidate, type Source } from '../pipeline/component.ts';

/** What trends, from memory and with its facts: the source that answers when nothing else does. */
export function shelfSource(shelf: TrendingShelf, { limit }: { limit: number }): Source {
  return {
    name: 'shelf-source',
    deadlineMs: 50,
    enabled: () => true,
    find: (query) =>
      Promise.resolve(
        shelf
          .items(query)
          .slice(0, limit)
          .map(({ id, facts }) => ({ ...candidate(id, 'TRENDING'), facts })),
      ),
  };
}
