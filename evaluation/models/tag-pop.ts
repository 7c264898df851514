import { countTags, type ItemFeatures } from './item-features.ts';
import type { Model, Training } from './model.ts';

/**
 * How well a candidate's tags do among known items: m(t) is the mean number of training pairs of the items with tag t,
 * n(t) how many of the user's items have it.
 * - `same for all`: the mean of m over the candidate's tags;
 * - `sum`: the sum of n·m over them;
 * - `mean`: that sum by the number of tags.
 */
export function tagPop(features: ItemFeatures, kind: 'same for all' | 'sum' | 'mean'): Model {
  return {
    fit: (training) => {
      const popularity = meanPairsByTag(training, features);
      const own = new Float64Array(features.tagCount).fill(1);
      return (user, scores) => {
        if (kind !== 'same for all') countTags(features, user.items, own);
        for (const [candidate, tags] of features.candidates.tags.entries()) {
          let sum = 0;
          for (const tag of tags) sum += (own[tag] ?? 0) * (popularity[tag] ?? 0);
          scores[candidate] = kind === 'sum' || tags.length === 0 ? sum : sum / tags.length;
        }
      };
    },
  };
}

/** 0 for a tag that no known item has. */
function meanPairsByTag({ counts }: Training, { tagCount, known }: ItemFeatures): Float64Array {
  const sums = new Float64Array(tagCount);
  const items = new Float64Array(tagCount);
  for (const [item, tags] of known.tags.entries()) {
    for (const tag of tags) {
      sums[tag] = (sums[tag] ?? 0) + (counts[item] ?? 0);
      items[tag] = (items[tag] ?? 0) + 1;
    }
  }
  return sums.map((sum, tag) => sum / Math.max(1, items[tag] ?? 0));
}
