import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sweepShare } from './block-sweep.ts';
import { invertPositiveDefinite } from './invert-positive-definite.ts';
import { createSharedSquare, type SharedSquare } from './shared-square.ts';

/** G·Gᵀ / size + I for random G: symmetric positive definite, with eigenvalues from 1 on. */
function randomMatrix(size: number, seed: number): Float64Array {
  let state = seed | 1;
  const factor = Float64Array.from({ length: size * size }, () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state / 2 ** 31;
  });
  const matrix = new Float64Array(size * size);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      let sum = row === column ? size : 0;
      for (let term = 0; term < size; term++) {
        sum += (factor[row * size + term] ?? 0) * (factor[column * size + term] ?? 0);
      }
      matrix[row * size + column] = sum / size;
    }
  }
  return matrix;
}

/** Gauss and Jordan's plain inverse in double precision, to compare with. */
function plainInverse(matrix: Float64Array, size: number): Float64Array {
  const left = matrix.slice();
  const right = new Float64Array(size * size);
  for (let index = 0; index < size; index++) right[index * size + index] = 1;
  for (let pivot = 0; pivot < size; pivot++) {
    const scale = 1 / (left[pivot * size + pivot] ?? 0);
    for (const side of [left, right]) {
      for (let column = 0; column < size; column++) {
        side[pivot * size + column] = (side[pivot * size + column] ?? 0) * scale;
      }
    }
    for (let row = 0; row < size; row++) {
      const factor = left[row * size + pivot] ?? 0;
      if (row === pivot || factor === 0) continue;
      for (const side of [left, right]) {
        for (let column = 0; column < size; column++) {
          const place = row * size + column;
          side[place] = (side[place] ?? 0) - factor * (side[pivot * size + column] ?? 0);
        }
      }
    }
  }
  return right;
}

/** The lower triangle alone, as that is all that may be read. */
function lowerHalf(matrix: Float64Array, size: number): SharedSquare {
  const square = createSharedSquare(size);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      square.values[row * square.stride + column] =
        column <= row ? (matrix[row * size + column] ?? 0) : Number.NaN;
    }
  }
  return square;
}

function elements({ values, stride, size }: SharedSquare): Float32Array[] {
  return Array.from({ length: size }, (_, row) => values.slice(row * stride, row * stride + size));
}

describe('the inverse of a positive definite matrix', () => {
  it('agrees with a plain one in double precision, at sizes within and across blocks', () => {
    const sizes = fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 120, max: 300 }));
    fc.assert(
      fc.property(sizes, fc.integer(), (size, seed) => {
        const matrix = randomMatrix(size, seed);
        const expected = plainInverse(matrix, size);
        const square = lowerHalf(matrix, size);
        sweepShare(square, { member: 0, members: 1 });
        let worst = 0;
        for (const [row, values] of elements(square).entries()) {
          for (const [column, value] of values.entries()) {
            worst = Math.max(worst, Math.abs(value - (expected[row * size + column] ?? 0)));
          }
        }
        // The elements of the inverse are 1 at most.
        expect(worst).toBeLessThan(2e-6);
      }),
      { numRuns: 25 },
    );
  });

  it('is the same, bit by bit, whoever takes part, and tells how far it is', async () => {
    const size = 500;
    const matrix = randomMatrix(size, 3);
    const alone = lowerHalf(matrix, size);
    sweepShare(alone, { member: 0, members: 1 });
    const together = lowerHalf(matrix, size);
    const steps: number[] = [];
    await invertPositiveDefinite(together, {
      threads: 3,
      onProgress: (done, total) => steps.push(done / total),
    });
    expect(elements(together)).toEqual(elements(alone));
    expect(steps).toEqual([0.25, 0.5, 0.75, 1]);
  });

  it('fails for a matrix that is not positive definite', async () => {
    const square = createSharedSquare(200);
    for (let row = 0; row < 200; row++) square.values[row * square.stride + row] = row === 150 ? -1 : 1;
    await expect(invertPositiveDefinite(square)).rejects.toThrow('not positive definite');
  });

  it('stops when it is told to', async () => {
    const square = lowerHalf(randomMatrix(300, 5), 300);
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(invertPositiveDefinite(square, { signal })).rejects.toThrow('enough');
  });
});
