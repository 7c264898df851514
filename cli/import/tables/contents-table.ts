import { contentFieldsSchema } from '../../../subgraphs/content/catalogue/entry-rules.ts';
import { importContents, type ImportedContent } from '../../../subgraphs/content/import-catalogue.ts';
import { projectCatalogue } from '../../../subgraphs/feed/project-catalogue.ts';
import { idField, optionalField, tagsField, timeField } from './fields.ts';
import { lastOfEach } from './last-of-each.ts';
import type { Table } from './table.ts';

const rules = contentFieldsSchema.shape;

const row = contentFieldsSchema.extend({
  id: idField(rules.id),
  vendorId: idField(rules.vendorId),
  tags: tagsField(rules.tags),
  imageUrl: optionalField(rules.imageUrl),
  publishedAt: timeField.pipe(rules.publishedAt),
});

/** Contents: a row with a known id replaces that content's fields; one that differs in nothing changes nothing. */
export const contentsTable: Table<ImportedContent> = {
  part: 'contents',
  columns: {
    required: ['id', 'vendorId', 'title', 'description', 'category', 'region', 'publishedAt'],
    optional: ['tags', 'imageUrl'],
  },
  chunkRows: 1_000,
  schema: () => row,
  reference: {
    column: 'vendorId',
    part: 'vendors',
    idOf: (content) => content.vendorId,
    known: async (database, ids) => {
      const found = await database.prisma.$queryRaw<{ id: string }[]>`
        SELECT id FROM content.vendor WHERE id = ANY (${[...ids]}::text[])`;
      return found.map(({ id }) => id);
    },
  },
  store: async (tx, rows) => {
    const { stored, unknownVendorIds } = await importContents(tx, lastOfEach(rows));
    await projectCatalogue(tx, { contents: stored, vendors: [] });
    return unknownVendorIds;
  },
};
