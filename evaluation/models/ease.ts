import { invertPositiveDefinite } from '#platform/linear-algebra/invert-positive-definite.ts';
import { createSharedSquare } from '#platform/linear-algebra/shared-square.ts';
import { forEachCooccurrenceRow } from './cooccurrence-rows.ts';
import type { Model } from './model.ts';

export interface EaseParameters {
  readonly lambda: number;
}

/**
 * EASE (Steck, "Embarrassingly shallow autoencoders for sparse data", 2019): with P = (XᵀX + lambda·I)⁻¹ the score of j is
 * the sum over the user's items i ≠ j of −P_ij / P_jj. In single precision; the matrix takes 4 bytes for each pair of
 * items and its inverse takes its place, on two threads.
 */
export function ease({ lambda }: EaseParameters): Model {
  return {
    fit: async (training, { onProgress, signal, onInverted } = {}) => {
      const square = createSharedSquare(training.itemCount);
      const { values, stride, size } = square;
      forEachCooccurrenceRow(training, (item, others, sums) => {
        for (const other of others) values[item * stride + other] = sums[other] ?? 0;
        values[item * stride + item] = (training.counts[item] ?? 0) + lambda;
      });
      const startedAt = performance.now();
      await invertPositiveDefinite(square, { onProgress, signal });
      onInverted?.((performance.now() - startedAt) / 1000);
      const diagonal = Float64Array.from({ length: size }, (_, item) => values[item * stride + item] ?? 0);
      return (user, scores) => {
        for (const item of user.items) {
          const start = item * stride;
          for (let other = 0; other < size; other++) {
            scores[other] = (scores[other] ?? 0) - (values[start + other] ?? 0);
          }
          scores[item] = (scores[item] ?? 0) + (diagonal[item] ?? 0);
        }
        for (let item = 0; item < size; item++) scores[item] = (scores[item] ?? 0) / (diagonal[item] ?? 0);
      };
    },
  };
}
