import type { Filter } from '../pipeline/component.ts';

/** Keeps what the request's filter asks for. */
export const requestedFilter: Filter = {
  name: 'requested-filter',
  enabled: () => true,
  apply: ({ filter: { categories, tags, vendorIds, minQuality } }, candidates) =>
    candidates.filter(
      ({ facts }) =>
        facts !== null &&
        facts.quality >= minQuality &&
        (categories.length === 0 || categories.includes(facts.category)) &&
        (vendorIds === null || vendorIds.includes(facts.vendorId)) &&
        (tags.length === 0 || facts.tags.some((tag) => tags.includes(tag))),
    ),
};
