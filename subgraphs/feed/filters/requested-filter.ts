import type { CatalogueFacts, Filter, RequestFilter } from '../pipeline/component.ts';

/** Keeps what the request's filter asks for. */
export const requestedFilter: Filter = {
  name: 'requested-filter',
  enabled: () => true,
  apply: ({ filter }, candidates) => candidates.filter(({ facts }) => facts !== null && meets(filter, facts)),
};

/** What a request's filter looks at. */
export type RequestedFacts = Pick<CatalogueFacts, 'category' | 'tags' | 'vendorId' | 'quality'>;

/** Whether an item is what `filter` asks for; its regions, which may be wider, are looked at elsewhere. */
export function meets(
  { categories, tags, vendorIds, minQuality }: RequestFilter,
  facts: RequestedFacts,
): boolean {
  return (
    facts.quality >= minQuality &&
    (categories.length === 0 || categories.includes(facts.category)) &&
    (vendorIds === null || vendorIds.includes(facts.vendorId)) &&
    (tags.length === 0 || facts.tags.some((tag) => tags.includes(tag)))
  );
}
