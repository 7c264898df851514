import { largestEigenvectors } from '#platform/linear-algebra/largest-eigenvectors.ts';
import type { ChoiceMatrix } from './rp3beta.ts';
import { popularityOf } from './item-neighbours.ts';
import { at } from './typed-array.ts';

export interface VectorParameters {
  readonly dimensions: number;
  /** A user's choices weigh (the user's choices)^(−userDiscount / 2). */
  readonly userDiscount: number;
  /** An item's column weighs (its choices)^−itemDiscount. */
  readonly itemDiscount: number;
}

/** Item i's vector is `values[i · dimensions] … values[(i + 1) · dimensions − 1]`. */
export interface VectorTable {
  readonly dimensions: number;
  readonly values: Float32Array<ArrayBuffer>;
}

/**
 * Collaborative item vectors: with the singular value decomposition U·S·Vᵀ of the user-item matrix, its rows and columns
 * weighted against heavy users and popular items, an item's vector is its row of V·√S. Items that the same people choose
 * point the same way. Has fewer dimensions than asked for where there are fewer items.
 */
export async function itemVectors(
  choices: ChoiceMatrix,
  { dimensions, userDiscount, itemDiscount }: VectorParameters,
  onProgress: (share: number) => void,
): Promise<VectorTable> {
  const { itemCount, offsets, items } = choices;
  const columns = popularityOf(choices).map((count) => Math.max(1, count) ** -itemDiscount);
  const { values, vectors } = await largestEigenvectors(
    {
      size: itemCount,
      // AᵀA·x of the weighted matrix A, user by user.
      multiply: (vector, result) => {
        result.fill(0);
        for (let user = 0; user + 1 < offsets.length; user++) {
          const start = at(offsets, user);
          const end = at(offsets, user + 1);
          let sum = 0;
          for (let place = start; place < end; place++) {
            const item = at(items, place);
            sum += at(columns, item) * at(vector, item);
          }
          sum *= (end - start) ** -userDiscount;
          for (let place = start; place < end; place++) {
            const item = at(items, place);
            result[item] = at(result, item) + at(columns, item) * sum;
          }
        }
      },
    },
    dimensions,
    { onProgress: (_steps, found) => onProgress(found / dimensions) },
  );
  // An eigenvalue of AᵀA is the square of A's singular value, so its fourth root is √S.
  const scales = values.map((value) => Math.max(0, value) ** 0.25);
  const table = new Float32Array(itemCount * scales.length);
  for (let factor = 0; factor < scales.length; factor++) {
    for (let item = 0; item < itemCount; item++) {
      table[item * scales.length + factor] = at(vectors, factor * itemCount + item) * at(scales, factor);
    }
  }
  return { dimensions: scales.length, values: table };
}
