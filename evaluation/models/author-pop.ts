import type { ItemFeatures } from './item-features.ts';
import type { Model, Training } from './model.ts';

/** Items that are thought into every vendor, of mean popularity: a vendor of one item says little. */
const pseudoItems = 5;

/** How popular the vendor's known items are, the same for everybody. */
export function authorPop(features: ItemFeatures): Model {
  return {
    fit: (training) => {
      const popularity = vendorPopularity(training, features);
      return (_user, scores) => {
        for (const [candidate, vendor] of features.candidates.vendors.entries()) {
          scores[candidate] = popularity[vendor] ?? 0;
        }
      };
    },
  };
}

/** The mean number of training pairs of each vendor's known items, smoothed with five items at the mean of all. */
export function vendorPopularity({ counts }: Training, { vendorCount, known }: ItemFeatures): Float64Array {
  const sums = new Float64Array(vendorCount);
  const items = new Float64Array(vendorCount);
  for (const [item, vendor] of known.vendors.entries()) {
    sums[vendor] = (sums[vendor] ?? 0) + (counts[item] ?? 0);
    items[vendor] = (items[vendor] ?? 0) + 1;
  }
  const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  return sums.map((sum, vendor) => (sum + pseudoItems * mean) / ((items[vendor] ?? 0) + pseudoItems));
}
