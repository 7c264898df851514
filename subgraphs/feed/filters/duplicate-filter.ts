import type { Candidate, Filter } from '../pipeline/component.ts';

/** Keeps an item once, with the source that found it first and what the others knew of it. */
export const duplicateFilter: Filter = {
  name: 'duplicate-filter',
  enabled: () => true,
  apply: (_query, candidates) => {
    const first = new Map<string, Candidate>();
    for (const candidate of candidates) {
      const known = first.get(candidate.id);
      if (known === undefined) {
        first.set(candidate.id, candidate);
      } else {
        known.similarity = Math.max(known.similarity, candidate.similarity);
        known.followed ||= candidate.followed;
      }
    }
    return [...first.values()];
  },
};
