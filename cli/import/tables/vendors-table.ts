import { vendorFieldsSchema } from '../../../subgraphs/content/catalogue/entry-rules.ts';
import { importVendors, type ImportedVendor } from '../../../subgraphs/content/import-catalogue.ts';
import { projectCatalogue } from '../../../subgraphs/feed/project-catalogue.ts';
import { idField, optionalField } from './fields.ts';
import { lastOfEach } from './last-of-each.ts';
import type { Table } from './table.ts';

const rules = vendorFieldsSchema.shape;

const row = vendorFieldsSchema.extend({
  id: idField(rules.id),
  description: optionalField(rules.description),
  websiteUrl: optionalField(rules.websiteUrl),
});

/** Vendors: a row with a known id replaces that vendor's fields. */
export const vendorsTable: Table<ImportedVendor> = {
  part: 'vendors',
  columns: { required: ['id', 'name', 'region'], optional: ['description', 'websiteUrl'] },
  chunkRows: 5_000,
  schema: () => row,
  reference: null,
  store: async (tx, rows) => {
    const vendors = lastOfEach(rows);
    await importVendors(tx, vendors);
    await projectCatalogue(tx, { contents: [], vendors: vendors.map(({ id, region }) => ({ id, region })) });
    return [];
  },
};
