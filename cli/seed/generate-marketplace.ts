import type { ImportedContent, ImportedVendor } from '../../subgraphs/content/import-catalogue.ts';
import type { ImportedInteraction } from '../../subgraphs/feed/import-interactions.ts';
import { generateContents, generateVendors } from './generate-catalogue.ts';
import { generateInteractions } from './generate-interactions.ts';
import { Random } from './random.ts';

export interface Marketplace {
  readonly vendors: readonly ImportedVendor[];
  readonly contents: readonly ImportedContent[];
  readonly interactions: readonly ImportedInteraction[];
}

export interface MarketplaceSize {
  readonly vendors: number;
  readonly contents: number;
  readonly users: number;
  readonly interactions: number;
}

/** How large the generated marketplace is. */
export const marketplaceSize: MarketplaceSize = {
  vendors: 300,
  contents: 3_000,
  users: 500,
  interactions: 60_000,
};

const seed = 20_261_124;

/** The generated marketplace, the same for the same `reference`, the time at which it ends, and the same size. */
export function generateMarketplace(reference: Date, size: MarketplaceSize = marketplaceSize): Marketplace {
  const vendors = generateVendors(size.vendors, new Random(seed, 1));
  const contents = generateContents(size.contents, vendors, reference, new Random(seed, 2));
  const interactions = generateInteractions(
    { count: size.interactions, userCount: size.users, days: 90, reference },
    contents,
    new Random(seed, 3),
  );
  return {
    vendors: vendors.map(({ row }) => row),
    contents: contents.map(({ row }) => row),
    interactions,
  };
}
