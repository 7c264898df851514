import type { Database } from '#platform/database/database.ts';
import { eligible } from '../sources/eligible.ts';
import type { FeedRequest } from './feed-request.ts';

/**
 * Returns which of `ids` may still be shown, in one statement whatever their number: not removed since, still in
 * the allowed regions and within the filter, not hidden since. Having acted on an item does not take it away.
 */
export async function readableItems(
  database: Database,
  request: FeedRequest,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const rows = await database.read<{ id: string }>`
    SELECT c.id FROM feed.content c
    WHERE c.id = ANY (${[...ids]}::text[]) AND ${eligible({ ...request, history: 'any' })}`;
  return new Set(rows.map(({ id }) => id));
}
