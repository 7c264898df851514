import type { Transaction } from '#platform/database/database.ts';
import type { VendorFields } from './entry-rules.ts';
import type { VendorRow } from './vendor-row.ts';

/** A vendor to store; `expectedVersion` null applies to any version, 0 to none. */
export type VendorToWrite = VendorFields & { readonly expectedVersion: number | null };

/** What became of one vendor; `version` of a conflict is the current one, 0 where there is none. */
export type VendorOutcome =
  | { readonly kind: 'stored'; readonly row: VendorRow }
  | { readonly kind: 'unchanged'; readonly row: VendorRow }
  | { readonly kind: 'conflict'; readonly version: number };

interface Stamp {
  readonly id: string;
  readonly version: number;
}

/**
 * Stores `vendors`, each id at most once, and returns what became of each by id. A new name reaches the vendor's entries in
 * the same transaction, because search finds them by it. Concurrency as in `writeContents`.
 */
export async function writeVendors(
  tx: Transaction,
  vendors: readonly VendorToWrite[],
): Promise<Map<string, VendorOutcome>> {
  const outcomes = new Map<string, VendorOutcome>();
  const created = versionsById(
    await insertMissing(
      tx,
      vendors.filter(({ expectedVersion }) => expectedVersion === null || expectedVersion === 0),
    ),
  );
  const existing = vendors.filter(({ id }) => !created.has(id));
  const locked = new Map((await lock(tx, existing)).map((row) => [row.id, row]));
  const toUpdate: VendorToWrite[] = [];
  const renamed: VendorToWrite[] = [];
  for (const vendor of existing) {
    const row = locked.get(vendor.id);
    if (row === undefined || (vendor.expectedVersion !== null && vendor.expectedVersion !== row.version)) {
      outcomes.set(vendor.id, { kind: 'conflict', version: row?.version ?? 0 });
    } else if (saysTheSame(row, vendor)) {
      outcomes.set(vendor.id, { kind: 'unchanged', row });
    } else {
      toUpdate.push(vendor);
      if (row.name !== vendor.name) renamed.push(vendor);
    }
  }
  const updated = versionsById(await update(tx, toUpdate));
  await renameInContents(tx, renamed);
  for (const vendor of vendors) {
    const version = created.get(vendor.id) ?? updated.get(vendor.id);
    if (version !== undefined) outcomes.set(vendor.id, { kind: 'stored', row: { ...vendor, version } });
  }
  return outcomes;
}

async function insertMissing(tx: Transaction, vendors: readonly VendorToWrite[]): Promise<Stamp[]> {
  if (vendors.length === 0) return [];
  const columns = columnsOf(vendors);
  return tx.$queryRaw<Stamp[]>`
    INSERT INTO content.vendor (id, name, region, description, website_url)
    SELECT id, name, region, description, website_url
    FROM unnest(
      ${columns.id}::text[], ${columns.name}::text[], ${columns.region}::text[], ${columns.description}::text[],
      ${columns.websiteUrl}::text[]
    ) AS draft (id, name, region, description, website_url)
    WHERE NOT EXISTS (SELECT FROM content.vendor v WHERE v.id = draft.id)
    ORDER BY id
    ON CONFLICT (id) DO NOTHING
    RETURNING id, version`;
}

async function lock(tx: Transaction, vendors: readonly VendorToWrite[]): Promise<VendorRow[]> {
  if (vendors.length === 0) return [];
  return tx.$queryRaw<VendorRow[]>`
    SELECT id, name, region, description, website_url AS "websiteUrl", version FROM content.vendor
    WHERE id = ANY (${vendors.map(({ id }) => id)}::text[])
    ORDER BY id
    FOR UPDATE`;
}

async function update(tx: Transaction, vendors: readonly VendorToWrite[]): Promise<Stamp[]> {
  if (vendors.length === 0) return [];
  const columns = columnsOf(vendors);
  return tx.$queryRaw<Stamp[]>`
    UPDATE content.vendor v
    SET name = draft.name, region = draft.region, description = draft.description, website_url = draft.website_url,
      version = v.version + 1, updated_at = now()
    FROM unnest(
      ${columns.id}::text[], ${columns.name}::text[], ${columns.region}::text[], ${columns.description}::text[],
      ${columns.websiteUrl}::text[]
    ) AS draft (id, name, region, description, website_url)
    WHERE v.id = draft.id
    RETURNING v.id, v.version`;
}

/** Entries are locked in the order of their ids first, as their own writers do. */
async function renameInContents(tx: Transaction, vendors: readonly VendorToWrite[]): Promise<void> {
  if (vendors.length === 0) return;
  const { id, name } = columnsOf(vendors);
  await tx.$executeRaw`
    SELECT FROM content.content WHERE vendor_id = ANY (${id}::text[]) ORDER BY id FOR UPDATE`;
  await tx.$executeRaw`
    UPDATE content.content c SET vendor_name = draft.name
    FROM unnest(${id}::text[], ${name}::text[]) AS draft (id, name)
    WHERE c.vendor_id = draft.id`;
}

function columnsOf(vendors: readonly VendorToWrite[]) {
  return {
    id: vendors.map(({ id }) => id),
    name: vendors.map(({ name }) => name),
    region: vendors.map(({ region }) => region),
    description: vendors.map(({ description }) => description),
    websiteUrl: vendors.map(({ websiteUrl }) => websiteUrl),
  };
}

function saysTheSame(row: VendorRow, vendor: VendorToWrite): boolean {
  return (
    row.name === vendor.name &&
    row.region === vendor.region &&
    row.description === vendor.description &&
    row.websiteUrl === vendor.websiteUrl
  );
}

function versionsById(stamps: readonly Stamp[]): Map<string, number> {
  return new Map(stamps.map(({ id, version }) => [id, version]));
}
