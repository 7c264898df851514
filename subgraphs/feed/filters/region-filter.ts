import type { Filter } from '../pipeline/component.ts';

/** The hard rule: no item of another region, whatever a source gave. */
export const regionFilter: Filter = {
  name: 'region-filter',
  enabled: ({ regions }) => regions !== null,
  apply: ({ regions }, candidates) =>
    candidates.filter(({ facts }) => facts !== null && (regions === null || regions.includes(facts.region))),
};
