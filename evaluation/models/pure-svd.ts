import {
  largestEigenvectors,
  type SymmetricOperator,
} from '#platform/linear-algebra/largest-eigenvectors.ts';
import { VectorSet } from '#platform/linear-algebra/vector-set.ts';
import type { Model, Scorer, Training } from './model.ts';

export interface PureSvdParameters {
  readonly rank: number;
  /** How much popular items weigh less, 0 for not at all: columns are multiplied by (pairs of the item)^−p. */
  readonly p?: number;
}

/**
 * The user's choices projected onto the first right singular vectors V of the user-item matrix (Cremonesi et al.,
 * "Performance of recommender algorithms on top-N recommendation tasks", 2010): scores x·V·Vᵀ. With `p` above 0 it is
 * ScaledSVD, on scaled columns. V are eigenvectors of XᵀX, which is never written out.
 */
export function pureSvd({ rank, p = 0 }: PureSvdParameters): Model {
  return {
    fit: async (training, { onProgress, signal } = {}) => {
      const scales = Float64Array.from(training.counts, (count) => count ** -p);
      const { vectors, values } = await largestEigenvectors(gramOperator(training, scales), rank, {
        signal,
        onProgress: (_steps, found) => onProgress?.(found, rank),
      });
      return projection(byItem(vectors, values.length), scales);
    },
  };
}

/** XᵀX of the scaled user-item matrix X. */
function gramOperator({ itemCount, offsets, items }: Training, scales: Float64Array): SymmetricOperator {
  return {
    size: itemCount,
    multiply: (vector, result) => {
      result.fill(0);
      for (let user = 0; user + 1 < offsets.length; user++) {
        const start = offsets[user] ?? 0;
        const end = offsets[user + 1] ?? 0;
        let sum = 0;
        for (let place = start; place < end; place++) {
          const item = items[place] ?? 0;
          sum += (scales[item] ?? 0) * (vector[item] ?? 0);
        }
        for (let place = start; place < end; place++) {
          const item = items[place] ?? 0;
          result[item] = (result[item] ?? 0) + (scales[item] ?? 0) * sum;
        }
      }
    },
  };
}

/** For each item its components in all the vectors. */
function byItem(vectors: Float64Array, rank: number): VectorSet {
  const size = vectors.length / rank;
  const factors = new VectorSet(rank, size);
  const own = new Float64Array(rank);
  for (let item = 0; item < size; item++) {
    for (let factor = 0; factor < rank; factor++) own[factor] = vectors[factor * size + item] ?? 0;
    factors.add(own);
  }
  return factors;
}

function projection(factors: VectorSet, scales: Float64Array): Scorer {
  const taste = new Float64Array(factors.length);
  return (user, scores) => {
    taste.fill(0);
    for (const item of user.items) {
      const scale = scales[item] ?? 0;
      const own = factors.vector(item);
      for (let factor = 0; factor < taste.length; factor++) {
        taste[factor] = (taste[factor] ?? 0) + scale * (own[factor] ?? 0);
      }
    }
    factors.products(taste, scores);
  };
}
