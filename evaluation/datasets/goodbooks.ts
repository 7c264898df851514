import { join } from 'node:path';
import type { Pair } from '../metrics/split-saves.ts';
import type { Dataset, ImportRow } from './dataset.ts';
import { readTable } from './read-table.ts';

/** The data has no times, so every save gets this one. */
const occurredAt = '2017-09-01T00:00:00Z';

/**
 * goodbooks-10k as a marketplace: books are contents, first authors vendors, "to read" marks saves. The category
 * is the first tag, the region US for all, and `publishedAt` the first of January of the year, 1970 at the earliest.
 * `saves` narrows the interactions down, to a training split for one.
 */
export function goodbooks(dataFolder: string, saves?: Iterable<Pair>): Dataset {
  const folder = join(dataFolder, 'goodbooks');
  return {
    vendors: () => vendors(folder),
    contents: () => contents(folder),
    interactions: () => interactions(saves ?? readSaves(dataFolder)),
  };
}

/** Streams the saves in the order of the file: by user, then by item. */
export async function* readSaves(dataFolder: string): AsyncGenerator<Pair, void, undefined> {
  const path = join(dataFolder, 'goodbooks', 'saves.csv.gz');
  for await (const row of readTable(path, ['user_id', 'item_id'])) {
    yield { userId: row.user_id, itemId: row.item_id };
  }
}

/** What is known of a book before anybody saved it. */
export interface BookFeatures {
  readonly itemId: string;
  /** Its first author. */
  readonly vendorId: string;
  /** Each once. */
  readonly tags: readonly string[];
}

/** Streams all books in the order of their ids. */
export async function* readBookFeatures(dataFolder: string): AsyncGenerator<BookFeatures, void, undefined> {
  const path = join(dataFolder, 'goodbooks', 'items.csv.gz');
  for await (const row of readTable(path, ['item_id', 'vendor_id', 'tags'])) {
    yield { itemId: row.item_id, vendorId: row.vendor_id, tags: [...new Set(tagsOf(row.tags))] };
  }
}

async function* vendors(folder: string): AsyncGenerator<ImportRow, void, undefined> {
  for await (const row of readTable(join(folder, 'vendors.csv.gz'), ['vendor_id', 'name'])) {
    yield { id: row.vendor_id, name: row.name, region: 'US', description: null, websiteUrl: null };
  }
}

const bookColumns = ['item_id', 'title', 'vendor_id', 'authors', 'year', 'image_url', 'tags'] as const;

async function* contents(folder: string): AsyncGenerator<ImportRow, void, undefined> {
  for await (const row of readTable(join(folder, 'items.csv.gz'), bookColumns)) {
    const tags = tagsOf(row.tags);
    const year = row.year === '' ? null : Number(row.year);
    const authors = row.authors.split('|').join(', ');
    yield {
      id: row.item_id,
      vendorId: row.vendor_id,
      title: row.title.slice(0, 300),
      description: `By ${authors}.${year === null ? '' : ` First published ${year < 0 ? `${-year} BCE` : year}.`}`,
      category: tags[0] ?? 'books',
      region: 'US',
      tags,
      imageUrl: row.image_url === '' ? null : row.image_url,
      publishedAt: `${Math.max(1970, year ?? 1970)}-01-01T00:00:00Z`,
    };
  }
}

async function* interactions(
  saves: Iterable<Pair> | AsyncIterable<Pair>,
): AsyncGenerator<ImportRow, void, undefined> {
  for await (const { userId, itemId } of saves) {
    yield { id: `save-${itemId}`, userId, contentId: itemId, type: 'SAVE', occurredAt };
  }
}

/** `fantasy|young-adult` → fantasy, young-adult */
function tagsOf(text: string): string[] {
  return text.split('|').filter((tag) => tag !== '');
}
