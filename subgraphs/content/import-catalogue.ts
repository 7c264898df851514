import type { Transaction } from '#platform/database/database.ts';
import { toCatalogueEntry, type CatalogueEntry } from './catalogue/content-row.ts';
import type { ContentFields, VendorFields } from './catalogue/entry-rules.ts';
import { writeContents } from './catalogue/write-contents.ts';
import { writeVendors } from './catalogue/write-vendors.ts';

/** A vendor that keeps `vendorFieldsSchema`. */
export type ImportedVendor = VendorFields;

/** An entry that keeps `contentFieldsSchema`. */
export type ImportedContent = ContentFields;

/** Stores vendors in bulk; of several with one id the last counts. Raises no event. */
export async function importVendors(tx: Transaction, rows: readonly ImportedVendor[]): Promise<void> {
  await writeVendors(tx, lastById(rows));
}

/**
 * Stores entries in bulk; of several with one id the last counts. Raises no event. Returns what is new or differs from what
 * was stored, and the vendors that some entries name and nobody knows, whose entries are left out.
 */
export async function importContents(
  tx: Transaction,
  rows: readonly ImportedContent[],
): Promise<{ stored: CatalogueEntry[]; unknownVendorIds: string[] }> {
  const entries = lastById(rows);
  const outcomes = await writeContents(tx, entries, null);
  const stored: CatalogueEntry[] = [];
  const unknownVendorIds = new Set<string>();
  for (const entry of entries) {
    const outcome = outcomes.get(entry.id);
    if (outcome?.kind === 'stored') stored.push(toCatalogueEntry(outcome.row));
    else if (outcome?.kind === 'unknown-vendor') unknownVendorIds.add(entry.vendorId);
  }
  return { stored, unknownVendorIds: [...unknownVendorIds] };
}

function lastById<T extends { readonly id: string }>(rows: readonly T[]): (T & { expectedVersion: null })[] {
  return [...new Map(rows.map((row) => [row.id, { ...row, expectedVersion: null }])).values()];
}
