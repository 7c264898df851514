import DataLoader from 'dataloader';
import type { Database } from '#platform/database/database.ts';
import type { CardCache } from './cards/card-cache.ts';
import type { ContentRow } from './catalogue/content-row.ts';
import { countFacetValues } from './catalogue/read-facets.ts';
import { readStats, type StatsRow } from './catalogue/read-catalogue.ts';
import {
  countVendorContents,
  readVendorContents,
  type VendorPageRequest,
} from './catalogue/vendor-contents.ts';
import type { VendorBound } from './catalogue/vendor-bound.ts';
import type { VendorRow } from './catalogue/vendor-row.ts';
import { readSimilar } from './search/similar.ts';

/** Batches the reads of one operation: each loader sends one statement for all that ask in the same turn. */
export interface Loaders {
  readonly contents: DataLoader<string, ContentRow | null>;
  readonly vendors: DataLoader<string, VendorRow | null>;
  readonly stats: DataLoader<string, StatsRow | null>;
  readonly similar: DataLoader<SimilarRequest, ContentRow[]>;
  readonly vendorContents: DataLoader<VendorPageRequest, ContentRow[]>;
  readonly vendorCounts: DataLoader<string, number>;
  readonly categoryCounts: DataLoader<string, number>;
  readonly regionCounts: DataLoader<string, number>;
}

export interface SimilarRequest {
  readonly contentId: string;
  readonly first: number;
}

/** New loaders, for one operation of a caller who sees what is within `bound`. */
export function createLoaders(database: Database, cards: CardCache, bound: VendorBound): Loaders {
  const vendors = new DataLoader<string, VendorRow | null>((ids) => cards.vendors(ids, bound));
  const primeVendors = (rows: readonly VendorRow[]): void => {
    for (const row of rows) vendors.prime(row.id, row);
  };
  return {
    contents: new DataLoader((ids) => cards.contents(ids, bound, primeVendors)),
    vendors,
    stats: new DataLoader((ids) => readStats(database, ids)),
    similar: new DataLoader((requests) => loadSimilar(database, requests, bound), { cache: false }),
    vendorContents: new DataLoader((requests) => readVendorContents(database, requests), { cache: false }),
    vendorCounts: new DataLoader((ids) => countVendorContents(database, ids)),
    categoryCounts: new DataLoader((slugs) => countFacetValues(database, 'category', slugs, bound)),
    regionCounts: new DataLoader((codes) => countFacetValues(database, 'region', codes, bound)),
  };
}

/** Aliases may ask for different numbers: the largest is read and each takes its part. */
async function loadSimilar(
  database: Database,
  requests: readonly SimilarRequest[],
  bound: VendorBound,
): Promise<ContentRow[][]> {
  const ids = [...new Set(requests.map(({ contentId }) => contentId))];
  const lists = await readSimilar(database, ids, Math.max(...requests.map(({ first }) => first)), bound);
  const byId = new Map(ids.map((id, index) => [id, lists[index] ?? []]));
  return requests.map(({ contentId, first }) => byId.get(contentId)?.slice(0, first) ?? []);
}

/** Drops what was read before a write of the same operation. */
export function forgetReads(loaders: Loaders): void {
  loaders.contents.clearAll();
  loaders.vendors.clearAll();
  loaders.stats.clearAll();
  loaders.vendorCounts.clearAll();
  loaders.categoryCounts.clearAll();
  loaders.regionCounts.clearAll();
}
