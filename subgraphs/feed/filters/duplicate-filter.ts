import type { Filter } from '../pipeline/component.ts';

/** Keeps an item once, with the source that found it first. */
export const duplicateFilter: Filter = {
  name: 'duplicate-filter',
  enabled: () => true,
  apply: (_query, candidates) => {
    const seen = new Set<string>();
    return candidates.filter(({ id }) => seen.size < seen.add(id).size);
  },
};
