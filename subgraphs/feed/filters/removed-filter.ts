import type { Filter } from '../pipeline/component.ts';

/** Drops items that the projection does not know, or knows to be removed: they have no facts. */
export const removedFilter: Filter = {
  name: 'removed-filter',
  enabled: () => true,
  apply: (_query, candidates) => candidates.filter(({ facts }) => facts !== null),
};
