import { tieOrder } from '../metrics/tie-order.ts';
import { TopRanked } from '../metrics/top-ranked.ts';
import { forEachCooccurrenceRow } from './cooccurrence-rows.ts';
import { sumOfWeights, transposeRows, type WeightRow } from './item-weights.ts';
import type { Model } from './model.ts';

export interface ItemKnnParameters {
  /** Neighbours that an item keeps; of equals those that `tieOrder` puts first. */
  readonly k: number | 'all';
  readonly shrink: number;
  /** Whose neighbours count: those of the item to be scored, or those of the user's items. */
  readonly list: 'candidate' | 'history';
}

/**
 * Items that were chosen together (Sarwar et al., "Item-based collaborative filtering", 2001): the score of i is the sum
 * over the user's items j of C_ij / (√(c_i c_j) + shrink), where one is among the k neighbours of the other.
 */
export function itemKnn({ k, shrink, list }: ItemKnnParameters): Model {
  return {
    fit: (training) => {
      const roots = Float64Array.from(training.counts, Math.sqrt);
      const ties = tieOrder(training.itemIds);
      const rows: WeightRow[] = [];
      const best = k === 'all' ? undefined : new TopRanked(k);
      forEachCooccurrenceRow(training, (item, others, sums) => {
        // Rounded to single precision, so that what is equal but for rounding errors counts as equal.
        const similarity = (other: number): number =>
          Math.fround((sums[other] ?? 0) / ((roots[item] ?? 0) * (roots[other] ?? 0) + shrink));
        if (best === undefined) {
          rows.push({ items: others.slice(), weights: Float64Array.from(others, similarity) });
          return;
        }
        for (const other of others) best.offer(other, similarity(other), ties[other] ?? 0);
        const { ids, scores } = best.take();
        rows.push({ items: ids, weights: scores });
      });
      return sumOfWeights(list === 'history' ? rows : transposeRows(rows));
    },
  };
}
