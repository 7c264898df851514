import type { Filter } from '../pipeline/component.ts';

/** Drops items that the user has hidden, and all of a vendor of whom they have hidden two. */
export const hiddenFilter: Filter = {
  name: 'hidden-filter',
  enabled: ({ subject }) => subject !== null,
  apply: (_query, candidates) => candidates.filter(({ facts }) => facts?.hidden !== true),
};
