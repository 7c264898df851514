import type { Database } from '#platform/database/database.ts';
import { eligible } from '../sources/eligible.ts';
import type { FeedRequest } from './feed-request.ts';

/** Items beyond a page that are looked at with it: so many may be gone before all of a feed is looked at. */
const spare = 10;

/**
 * Returns which of `ids`, in the order of a feed, may not be shown any more: removed since, not in the allowed regions or
 * within the filter any more, hidden since. Having acted on an item does not take it away. Looks at as many as make a page
 * and tell whether there is another, in one statement, and where too few of them are left at all the others, in one more.
 */
export async function unreadableItems(
  database: Database,
  request: FeedRequest,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  const next = ids.slice(0, request.first + spare);
  const unreadable = await unreadableOf(database, request, next);
  if (next.length - unreadable.size > request.first || next.length === ids.length) return unreadable;
  return unreadable.union(await unreadableOf(database, request, ids.slice(next.length)));
}

async function unreadableOf(
  database: Database,
  request: FeedRequest,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const rows = await database.read<{ id: string }>`
    SELECT c.id FROM feed.content c
    WHERE c.id = ANY (${[...ids]}::text[]) AND ${eligible({ ...request, history: 'any' })}`;
  const readable = new Set(rows.map(({ id }) => id));
  return new Set(ids.filter((id) => !readable.has(id)));
}
