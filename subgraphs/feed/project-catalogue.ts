import { arrayLiteral } from '#platform/database/array-literal.ts';
import type { Transaction } from '#platform/database/database.ts';
import type { EventPayload } from '#platform/events/contracts.ts';

/**
 * Writes catalogue entries into the feed's projection as they were at `asOf`, by default now. An older version never overwrites a
 * newer one; an entry that was removed by `asOf` comes back.
 */
export async function projectCatalogue(
  tx: Transaction,
  { contents, vendors }: EventPayload<'content.changed'>,
  asOf: Date | null = null,
): Promise<void> {
  if (vendors.length > 0) {
    const latest = [...new Map(vendors.map((vendor) => [vendor.id, vendor])).values()];
    await tx.$executeRaw`
      INSERT INTO feed.vendor (id, region)
      SELECT * FROM unnest(
        ${latest.map(({ id }) => id)}::text[],
        ${latest.map(({ region }) => region)}::text[]
      ) AS v (id, region)
      ORDER BY v.id
      ON CONFLICT (id) DO UPDATE SET region = excluded.region WHERE feed.vendor.region <> excluded.region`;
  }
  if (contents.length > 0) await projectContents(tx, contents, asOf);
}

async function projectContents(
  tx: Transaction,
  contents: EventPayload<'content.changed'>['contents'],
  asOf: Date | null,
): Promise<void> {
  const latest = new Map<string, (typeof contents)[number]>();
  for (const content of contents) {
    const known = latest.get(content.id);
    if (known === undefined || known.version <= content.version) latest.set(content.id, content);
  }
  const rows = [...latest.values()];
  const ids = rows.map(({ id }) => id);
  await tx.$executeRaw`
    INSERT INTO feed.content AS c
      (id, vendor_id, title, description, category, region, tags, quality, published_at, version, as_of)
    SELECT r.id, r.vendor_id, r.title, r.description, r.category, r.region, r.tags::text[], r.quality,
      r.published_at, r.version,
      coalesce(${asOf?.toISOString() ?? null}::timestamptz, now())
    FROM unnest(
      ${ids}::text[],
      ${rows.map(({ vendorId }) => vendorId)}::text[],
      ${rows.map(({ title }) => title)}::text[],
      ${rows.map(({ description = '' }) => description)}::text[],
      ${rows.map(({ category }) => category)}::text[],
      ${rows.map(({ region }) => region)}::text[],
      ${rows.map(({ tags }) => arrayLiteral(tags))}::text[],
      ${rows.map(({ quality }) => quality)}::float8[],
      ${rows.map(({ publishedAt }) => publishedAt)}::timestamptz[],
      ${rows.map(({ version }) => version)}::int[]
    ) AS r (id, vendor_id, title, description, category, region, tags, quality, published_at, version)
    ORDER BY r.id
    ON CONFLICT (id) DO UPDATE SET
      vendor_id = excluded.vendor_id, title = excluded.title, description = excluded.description,
      category = excluded.category, region = excluded.region,
      tags = excluded.tags, quality = excluded.quality, published_at = excluded.published_at,
      version = excluded.version, as_of = excluded.as_of, removed_at = NULL
    WHERE (c.removed_at IS NULL AND c.version < excluded.version)
      OR (c.removed_at IS NOT NULL AND c.removed_at <= excluded.as_of)`;
  await tx.$executeRaw`
    UPDATE feed.popularity p SET region = c.region FROM feed.content c
    WHERE c.id = p.content_id AND p.region <> c.region AND p.content_id = ANY (${ids}::text[])`;
}

/** Marks entries as removed at `removedAt`, unless the projection has them from a later time. */
export async function projectRemoval(
  tx: Transaction,
  contentIds: readonly string[],
  removedAt: Date,
): Promise<void> {
  await tx.$executeRaw`
    UPDATE feed.content SET removed_at = ${removedAt.toISOString()}::timestamptz
    WHERE id = ANY (${[...contentIds]}::text[]) AND removed_at IS NULL
      AND as_of <= ${removedAt.toISOString()}::timestamptz`;
}
