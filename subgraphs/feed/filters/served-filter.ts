import type { Filter } from '../pipeline/component.ts';

/** Drops items that an earlier page of the same feed has shown. */
export const servedFilter: Filter = {
  name: 'served-filter',
  enabled: ({ served }) => served.size > 0,
  apply: ({ served }, candidates) => candidates.filter(({ id }) => !served.has(id)),
};
