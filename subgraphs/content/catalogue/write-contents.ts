import type { Transaction } from '#platform/database/database.ts';
import { Prisma } from '#platform/database/generated/client.ts';
import { contentColumns, type ContentRow } from './content-row.ts';
import type { ContentFields } from './entry-rules.ts';
import { countFacets, type FacetChange } from './facets.ts';
import { qualityOf } from './quality.ts';
import { isWithinBound, type VendorBound } from './vendor-bound.ts';

/** An entry to store; `expectedVersion` null applies to any version, 0 to none. */
export type ContentToWrite = ContentFields & { readonly expectedVersion: number | null };

/** What became of one entry; `version` of a conflict is the current one, 0 where there is none. */
export type ContentOutcome =
  | { readonly kind: 'stored'; readonly row: ContentRow }
  | { readonly kind: 'unchanged'; readonly row: ContentRow }
  | { readonly kind: 'conflict'; readonly version: number }
  | { readonly kind: 'unknown-vendor' }
  /** It is another vendor's than the caller's, or was to become so. */
  | { readonly kind: 'beyond-bound' };

type Draft = ContentToWrite & { readonly vendorName: string; readonly quality: number };
type Locked = ContentRow & { readonly deletedAt: Date | null };
interface Stamp {
  readonly id: string;
  readonly version: number;
  readonly updatedAt: Date;
}

/**
 * Stores `entries`, each id at most once, and returns what became of each by id. An entry that says what is stored already
 * keeps its version; one beyond `bound` is left as it is. Correct beside concurrent writers: the new ones are inserted first, which waits for whoever inserts
 * the same id; the others are locked in the order of their ids before they are compared.
 */
export async function writeContents(
  tx: Transaction,
  entries: readonly ContentToWrite[],
  bound: VendorBound,
): Promise<Map<string, ContentOutcome>> {
  const outcomes = new Map<string, ContentOutcome>();
  const vendorNames = await shareVendors(
    tx,
    entries.filter(({ vendorId }) => isWithinBound(bound, vendorId)),
  );
  const drafts: Draft[] = [];
  for (const entry of entries) {
    const vendorName = vendorNames.get(entry.vendorId);
    if (!isWithinBound(bound, entry.vendorId)) outcomes.set(entry.id, { kind: 'beyond-bound' });
    else if (vendorName === undefined) outcomes.set(entry.id, { kind: 'unknown-vendor' });
    else drafts.push({ ...entry, vendorName, quality: qualityOf(entry) });
  }
  const changes: FacetChange[] = [];

  const created = stampsById(
    await insertMissing(
      tx,
      drafts.filter(({ expectedVersion }) => expectedVersion === null || expectedVersion === 0),
    ),
  );
  const existing = drafts.filter(({ id }) => !created.has(id));
  const locked = new Map((await lock(tx, existing)).map((row) => [row.id, row]));
  const toUpdate: Draft[] = [];
  for (const draft of existing) {
    const row = locked.get(draft.id);
    const live = row === undefined || row.deletedAt !== null ? null : row;
    if (row !== undefined && !isWithinBound(bound, row.vendorId)) {
      outcomes.set(draft.id, { kind: 'beyond-bound' });
    } else if (
      row === undefined ||
      (draft.expectedVersion !== null && draft.expectedVersion !== (live?.version ?? 0))
    ) {
      outcomes.set(draft.id, { kind: 'conflict', version: live?.version ?? 0 });
    } else if (live !== null && saysTheSame(live, draft)) {
      outcomes.set(draft.id, { kind: 'unchanged', row: live });
    } else {
      toUpdate.push(draft);
      changes.push({ before: live, after: draft });
    }
  }
  const updated = stampsById(await update(tx, toUpdate));

  for (const draft of drafts) {
    const stamp = created.get(draft.id) ?? updated.get(draft.id);
    if (stamp !== undefined) outcomes.set(draft.id, { kind: 'stored', row: { ...draft, ...stamp } });
    if (created.has(draft.id)) changes.push({ before: null, after: draft });
  }
  await keepStatsBeside(
    tx,
    drafts.filter(({ id }) => created.has(id) || updated.has(id)),
  );
  await countFacets(tx, changes);
  return outcomes;
}

/** Locks the vendors against a rename, which would miss the entries that this transaction is about to write. */
async function shareVendors(
  tx: Transaction,
  entries: readonly ContentToWrite[],
): Promise<Map<string, string>> {
  const ids = [...new Set(entries.map(({ vendorId }) => vendorId))];
  const vendors = await tx.$queryRaw<{ id: string; name: string }[]>`
    SELECT id, name FROM content.vendor WHERE id = ANY (${ids}::text[]) ORDER BY id FOR SHARE`;
  return new Map(vendors.map(({ id, name }) => [id, name]));
}

async function insertMissing(tx: Transaction, drafts: readonly Draft[]): Promise<Stamp[]> {
  if (drafts.length === 0) return [];
  return tx.$queryRaw<Stamp[]>`
    INSERT INTO content.content (
      id, vendor_id, vendor_name, title, description, category, region, tags, image_url, published_at, quality
    )
    SELECT id, vendor_id, vendor_name, title, description, category, region, string_to_array(tags, '|'), image_url,
      published_at, quality
    FROM ${relationOf(drafts)}
    WHERE NOT EXISTS (SELECT FROM content.content c WHERE c.id = draft.id)
    ORDER BY id
    ON CONFLICT (id) DO NOTHING
    RETURNING id, version, updated_at AS "updatedAt"`;
}

function lock(tx: Transaction, drafts: readonly Draft[]): Promise<Locked[]> | [] {
  if (drafts.length === 0) return [];
  return tx.$queryRaw<Locked[]>`
    SELECT ${contentColumns}, c.deleted_at AS "deletedAt" FROM content.content c
    WHERE c.id = ANY (${drafts.map(({ id }) => id)}::text[])
    ORDER BY c.id
    FOR UPDATE`;
}

async function update(tx: Transaction, drafts: readonly Draft[]): Promise<Stamp[]> {
  if (drafts.length === 0) return [];
  return tx.$queryRaw<Stamp[]>`
    UPDATE content.content c
    SET vendor_id = draft.vendor_id, vendor_name = draft.vendor_name, title = draft.title,
      description = draft.description, category = draft.category, region = draft.region,
      tags = string_to_array(draft.tags, '|'), image_url = draft.image_url, published_at = draft.published_at,
      quality = draft.quality, version = c.version + 1, updated_at = now(), deleted_at = NULL,
      changed_xid = (pg_current_xact_id()::text)::bigint, changed_seq = nextval('content.change_seq')
    FROM ${relationOf(drafts)}
    WHERE c.id = draft.id
    RETURNING c.id, c.version, c.updated_at AS "updatedAt"`;
}

/** Gives every entry its statistics row and keeps there what the trending index needs of the entry. */
async function keepStatsBeside(tx: Transaction, drafts: readonly Draft[]): Promise<void> {
  if (drafts.length === 0) return;
  await tx.$executeRaw`
    INSERT INTO content.content_stats AS stats (content_id, region, published_at)
    SELECT id, region, published_at
    FROM unnest(
      ${drafts.map(({ id }) => id)}::text[], ${drafts.map(({ region }) => region)}::text[],
      ${drafts.map(({ publishedAt }) => publishedAt)}::timestamptz[]
    ) AS draft (id, region, published_at)
    ORDER BY id
    ON CONFLICT (content_id) DO UPDATE SET region = excluded.region, published_at = excluded.published_at
    WHERE (stats.region, stats.published_at) IS DISTINCT FROM (excluded.region, excluded.published_at)`;
}

/** The rows to write, one array per column; slugs have no `|`, so tags travel joined by it. */
function relationOf(drafts: readonly Draft[]): Prisma.Sql {
  return Prisma.sql`
    unnest(
      ${drafts.map(({ id }) => id)}::text[],
      ${drafts.map(({ vendorId }) => vendorId)}::text[],
      ${drafts.map(({ vendorName }) => vendorName)}::text[],
      ${drafts.map(({ title }) => title)}::text[],
      ${drafts.map(({ description }) => description)}::text[],
      ${drafts.map(({ category }) => category)}::text[],
      ${drafts.map(({ region }) => region)}::text[],
      ${drafts.map(({ tags }) => tags.join('|'))}::text[],
      ${drafts.map(({ imageUrl }) => imageUrl)}::text[],
      ${drafts.map(({ publishedAt }) => publishedAt)}::timestamptz[],
      ${drafts.map(({ quality }) => quality)}::float8[]
    ) AS draft (
      id, vendor_id, vendor_name, title, description, category, region, tags, image_url, published_at, quality
    )`;
}

function saysTheSame(row: ContentRow, draft: Draft): boolean {
  return (
    row.vendorId === draft.vendorId &&
    row.title === draft.title &&
    row.description === draft.description &&
    row.category === draft.category &&
    row.region === draft.region &&
    row.imageUrl === draft.imageUrl &&
    row.quality === draft.quality &&
    row.publishedAt.getTime() === draft.publishedAt.getTime() &&
    row.tags.length === draft.tags.length &&
    row.tags.every((tag, index) => tag === draft.tags[index])
  );
}

function stampsById(stamps: readonly Stamp[]): Map<string, Stamp> {
  return new Map(stamps.map((stamp) => [stamp.id, stamp]));
}
