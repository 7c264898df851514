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

/** How large the generated marketplace is. */
export const marketplaceSize = { vendors: 300, contents: 3_000, users: 500, interactions: 60_000 } as const;

const seed = 20_261_124;

/** The generated marketplace, the same for the same `reference`, the time at which it ends. */
export function generateMarketplace(reference: Date): Marketplace {
  const vendors = generateVendors(marketplaceSize.vendors, new Random(seed, 1));
  const contents = generateContents(marketplaceSize.contents, vendors, reference, new Random(seed, 2));
  const interactions = generateInteractions(
    { count: marketplaceSize.interactions, userCount: marketplaceSize.users, days: 90, reference },
    contents,
    new Random(seed, 3),
  );
  return {
    vendors: vendors.map(({ row }) => row),
    contents: contents.map(({ row }) => row),
    interactions,
  };
}
