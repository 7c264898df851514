import type { Filter } from '../pipeline/component.ts';

/** Drops items that the user has been shown or has acted on: impressions that clients report, never slates. */
export const seenFilter: Filter = {
  name: 'seen-filter',
  enabled: ({ subject, history }) => subject !== null && history === 'unseen',
  apply: (_query, candidates) => candidates.filter(({ facts }) => facts?.seen !== true),
};
