import { countTags, type ItemFeatures } from './item-features.ts';
import type { Model } from './model.ts';

/**
 * The cosine between the user's tags and the candidate's: of n(t)·v(t), where n(t) is how many of the user's items have
 * tag t, and of v(t) for the tags of the candidate. v is 1 (`raw`) or ln(known items / known items with t) (`idf`).
 * 0 where either has no tags.
 */
export function tagCosine(features: ItemFeatures, weighting: 'raw' | 'idf'): Model {
  return {
    fit: () => {
      const squares =
        weighting === 'idf' ? squaredIdf(features) : new Float64Array(features.tagCount).fill(1);
      const lengths = features.candidates.tags.map((tags) => Math.sqrt(sumOver(tags, squares)));
      const own = new Float64Array(features.tagCount);
      return (user, scores) => {
        countTags(features, user.items, own);
        let square = 0;
        for (let tag = 0; tag < own.length; tag++) square += (own[tag] ?? 0) ** 2 * (squares[tag] ?? 0);
        const length = Math.sqrt(square);
        for (const [candidate, tags] of features.candidates.tags.entries()) {
          const both = length * (lengths[candidate] ?? 0);
          if (both === 0) continue;
          let product = 0;
          for (const tag of tags) product += (own[tag] ?? 0) * (squares[tag] ?? 0);
          scores[candidate] = product / both;
        }
      };
    },
  };
}

/** 0 for a tag that no known item has, as nobody's tags match it. */
function squaredIdf({ tagCount, known }: ItemFeatures): Float64Array {
  const items = new Float64Array(tagCount);
  for (const tags of known.tags) for (const tag of tags) items[tag] = (items[tag] ?? 0) + 1;
  return items.map((count) => (count === 0 ? 0 : Math.log(known.tags.length / count) ** 2));
}

function sumOver(tags: Int32Array, values: Float64Array): number {
  let sum = 0;
  for (const tag of tags) sum += values[tag] ?? 0;
  return sum;
}
