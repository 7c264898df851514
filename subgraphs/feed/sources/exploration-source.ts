import type { Database } from '#platform/database/database.ts';
import type { Uniform } from '../exploration/beta.ts';
import { candidate, type FeedQuery, type Source } from '../pipeline/component.ts';
import type { SourceOptions } from './collaborative-source.ts';
import { eligible } from './eligible.ts';

/** An item with so many impressions in the user segment is known. */
const known = 50;

export interface ExplorationSourceOptions extends SourceOptions {
  readonly enabled: (query: FeedQuery) => boolean;
  readonly uniform: Uniform;
}

/**
 * Items of the allowed regions of which the user segment has seen little: a stretch of the catalogue that begins at a random
 * time, so that old items get their turn as well as new ones, and no feed reads the whole.
 */
export function explorationSource(
  database: Database,
  { limit, deadlineMs, enabled, uniform }: ExplorationSourceOptions,
): Source {
  return {
    name: 'exploration-source',
    deadlineMs,
    enabled,
    find: async (query) => {
      const rows = await database.read<{ id: string }>`
        SELECT c.id FROM feed.content c
        WHERE ${eligible(query)}
          AND c.published_at <= (
            SELECT max(m.published_at) - (max(m.published_at) - min(m.published_at)) * ${uniform()}::float8
            FROM feed.content m)
          AND NOT EXISTS (
            SELECT FROM feed.arm a
            WHERE a.segment = ${query.segment} AND a.content_id = c.id AND a.trials >= ${known})
        ORDER BY c.published_at DESC, c.id
        LIMIT ${limit}`;
      return rows.map(({ id }) => candidate(id, 'EXPLORATION'));
    },
  };
}
