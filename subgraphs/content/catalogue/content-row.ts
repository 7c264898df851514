import type { EventPayload } from '#platform/events/contracts.ts';
import { Prisma } from '#platform/database/generated/client.ts';

/** A live entry as the catalogue stores it. */
export interface ContentRow {
  readonly id: string;
  readonly vendorId: string;
  readonly title: string;
  readonly description: string;
  readonly category: string;
  readonly region: string;
  readonly tags: readonly string[];
  readonly imageUrl: string | null;
  readonly publishedAt: Date;
  /** 0..1 */
  readonly quality: number;
  readonly version: number;
  readonly updatedAt: Date;
}

/** An entry as the event `content.changed` tells of it. */
export type CatalogueEntry = EventPayload<'content.changed'>['contents'][number];

/** Characters (UTF-16 units) of a description that are told: an event may have 500 entries. */
const toldDescription = 1_000;

/** The columns of a `ContentRow`, from table alias `c`. */
export const contentColumns = Prisma.sql`
  c.id, c.vendor_id AS "vendorId", c.title, c.description, c.category, c.region, c.tags, c.image_url AS "imageUrl",
  c.published_at AS "publishedAt", c.quality, c.version, c.updated_at AS "updatedAt"`;

/** Returns what the event `content.changed` says of `row`. */
export function toCatalogueEntry(row: ContentRow): CatalogueEntry {
  const { id, vendorId, title, description, category, region, tags, quality, publishedAt, version } = row;
  return {
    id,
    vendorId,
    title,
    description: startOf(description),
    category,
    region,
    tags: [...tags],
    quality,
    publishedAt: publishedAt.toISOString(),
    version,
  };
}

/** As much of a description as others need, not cut between the halves of a character. */
function startOf(description: string): string {
  return description.slice(0, toldDescription).replace(/[\uD800-\uDBFF]$/, '');
}
