import { vendorPopularity } from './author-pop.ts';
import type { ItemFeatures } from './item-features.ts';
import type { Model } from './model.ts';
import { tagCosine } from './tag-cosine.ts';

export interface TagCosineAuthorParameters {
  readonly weighting: 'raw' | 'idf';
  /** Weight of the user's own items by the candidate's vendor. */
  readonly b: number;
  /** Weight of the popularity of the candidate's vendor; 0 unless given. */
  readonly c?: number;
}

/**
 * `tagCosine` + b·log2(1 + a) + c·log2(1 + A), where a is how many of the user's items are the candidate's vendor's and
 * A that vendor's smoothed mean popularity.
 */
export function tagCosineAuthor(
  features: ItemFeatures,
  { weighting, b, c = 0 }: TagCosineAuthorParameters,
): Model {
  return {
    fit: async (training, options) => {
      const byTags = await tagCosine(features, weighting).fit(training, options);
      const popularity = vendorPopularity(training, features).map((mean) => c * Math.log2(1 + mean));
      const own = new Int32Array(features.vendorCount);
      return (user, scores) => {
        byTags(user, scores);
        own.fill(0);
        for (const item of user.items) {
          const vendor = features.known.vendors[item] ?? 0;
          own[vendor] = (own[vendor] ?? 0) + 1;
        }
        for (const [candidate, vendor] of features.candidates.vendors.entries()) {
          const byVendor = b * Math.log2(1 + (own[vendor] ?? 0)) + (popularity[vendor] ?? 0);
          scores[candidate] = (scores[candidate] ?? 0) + byVendor;
        }
      };
    },
  };
}
