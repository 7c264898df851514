import type { Database } from '#platform/database/database.ts';
import type { ServedModels } from '../learning/served-models.ts';
import { leastChoices } from '../learning/taste-clusters/taste-clusters.ts';
import { choicesRead } from '../learning/user-vector.ts';
import { decodeVector } from '../learning/vector-bytes.ts';
import type { FeedQuery, QueryHydrator, Taste } from '../pipeline/component.ts';
import { splitTags } from '../pipeline/split-tags.ts';
import { userSegment } from '../pipeline/user-segment.ts';
import { tasteOfChoices } from './taste-of-choices.ts';

/** History items, and followed vendors, at most. */
const latest = { positives: choicesRead, followed: 100 };

interface Row {
  /** Null in the rows of followed vendors. */
  readonly id: string | null;
  readonly at: Date;
  /** Null where the projection does not know the item. */
  readonly vendorId: string | null;
  /** Slugs, joined by spaces. */
  readonly tags: string | null;
  /** Null where the item has none. */
  readonly vector: Uint8Array | null;
  /** Which version of the vectors is served. */
  readonly vectorsVersion: number | null;
}

/** Reads what the subject chose of late and whom they follow, in one statement, and what follows from it. */
export function tasteHydrator(
  database: Database,
  models: ServedModels,
  { deadlineMs }: { deadlineMs: number },
): QueryHydrator {
  return {
    name: 'taste-hydrator',
    deadlineMs,
    enabled: ({ subject }) => subject !== null,
    hydrate: async (query) => {
      const rows = await database.read<Row>`
        (
          SELECT p.id, p.at, c.vendor_id AS "vendorId", array_to_string(c.tags, ' ') AS tags, v.vector, m.version AS "vectorsVersion"
          FROM (
            SELECT i.content_id AS id, max(i.occurred_at) AS at FROM feed.interaction i
            WHERE i.user_id = ${query.subject} AND i.type IN ('LIKE', 'SAVE', 'SHARE', 'INQUIRY')
            GROUP BY i.content_id ORDER BY max(i.occurred_at) DESC, i.content_id LIMIT ${latest.positives}
          ) p
          LEFT JOIN feed.content c ON c.id = p.id
          LEFT JOIN feed.model_version m ON m.name = 'item-vectors'
          LEFT JOIN feed.item_vector v ON v.version = m.version AND v.content_id = p.id
          ORDER BY p.at DESC, p.id
        )
        UNION ALL
        (
          SELECT NULL, f.followed_at, f.vendor_id, NULL, NULL, NULL FROM feed.follow f
          WHERE f.user_id = ${query.subject} ORDER BY f.followed_at DESC LIMIT ${latest.followed}
        )`;
      const taste = tasteOf(rows, models);
      return { ...query, taste, segment: segmentOf(query, taste, rows[0]?.vectorsVersion ?? 0, models) };
    },
  };
}

function tasteOf(rows: readonly Row[], models: ServedModels): Taste {
  const chosen = rows.flatMap(({ id, at, vendorId, tags, vector }) =>
    id === null
      ? []
      : [
          {
            id,
            at,
            vendorId,
            tags: splitTags(tags ?? ''),
            vector: vector === null ? null : decodeVector(vector),
          },
        ],
  );
  const followed = rows.flatMap(({ id, vendorId }) => (id === null && vendorId !== null ? [vendorId] : []));
  return tasteOfChoices(chosen, followed, models);
}

/** `new` also while vectors are newer than the clusters, which are found anew within a minute. */
function segmentOf(
  { regions }: FeedQuery,
  { positives, vector }: Taste,
  vectorsVersion: number,
  { tasteClusters }: ServedModels,
): string {
  const isKnown = positives.length >= leastChoices && tasteClusters?.vectorsVersion === vectorsVersion;
  return userSegment(regions, isKnown && vector !== null ? tasteClusters.nearest(vector) : 'new');
}
