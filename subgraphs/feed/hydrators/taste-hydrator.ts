import type { Database } from '#platform/database/database.ts';
import type { ServedModels } from '../learning/served-models.ts';
import { at } from '../learning/typed-array.ts';
import { decodeVector } from '../learning/vector-bytes.ts';
import type { QueryHydrator, Taste } from '../pipeline/component.ts';

/** History items, and followed vendors, at most. */
const latest = { positives: 200, followed: 100 };

const dayMs = 86_400_000;

/** A choice says half as much in the user's vector as one this much later. */
const halfLifeDays = 90;

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
          SELECT p.id, p.at, c.vendor_id AS "vendorId", array_to_string(c.tags, ' ') AS tags, v.vector
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
          SELECT NULL, f.followed_at, f.vendor_id, NULL, NULL FROM feed.follow f
          WHERE f.user_id = ${query.subject} ORDER BY f.followed_at DESC LIMIT ${latest.followed}
        )`;
      return { ...query, taste: tasteOf(rows, models) };
    },
  };
}

function tasteOf(rows: readonly Row[], models: ServedModels): Taste {
  const chosen = rows.filter(({ id }) => id !== null);
  const positives = chosen.flatMap(({ id }) => id ?? []);
  return {
    positives,
    followedVendors: rows.flatMap(({ id, vendorId }) => (id === null && vendorId !== null ? [vendorId] : [])),
    similarities: positives.length === 0 ? null : (models.neighbours?.similarities(positives) ?? null),
    vector: meanVector(chosen),
    tags: tagProfile(chosen, models),
    vendors: countBy(chosen.flatMap(({ vendorId }) => vendorId ?? [])),
  };
}

/** The mean of the items' vectors, the latest counting most; null where none has one. */
function meanVector(chosen: readonly Row[]): Float32Array | null {
  const newest = chosen[0]?.at.getTime() ?? 0;
  let sum: Float32Array | null = null;
  for (const { at: chosenAt, vector } of chosen) {
    if (vector === null) continue;
    const values = decodeVector(vector);
    const weight = 2 ** ((chosenAt.getTime() - newest) / dayMs / halfLifeDays);
    sum ??= new Float32Array(values.length);
    for (let index = 0; index < sum.length; index++) {
      sum[index] = at(sum, index) + weight * at(values, index);
    }
  }
  return sum?.some((value) => value !== 0) === true ? sum : null;
}

/** How often each tag was chosen, times how much it tells. */
function tagProfile(chosen: readonly Row[], models: ServedModels): Taste['tags'] {
  const weights = countBy(
    chosen.flatMap(({ tags }) => (tags === null || tags === '' ? [] : tags.split(' '))),
  );
  let squares = 0;
  for (const [tag, count] of weights) {
    const weight = count * models.tagWeight(tag);
    weights.set(tag, weight);
    squares += weight ** 2;
  }
  return { weights, length: Math.sqrt(squares) };
}

function countBy(values: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}
