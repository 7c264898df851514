import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { largestEigenvectors, type SymmetricOperator } from './largest-eigenvectors.ts';

/** G·Gᵀ of `size` rows of random numbers, positive semidefinite of rank `rank` at most. */
function gram(size: number, rank: number, numbers: readonly number[]): number[][] {
  const factor = Array.from({ length: size }, (_, row) => numbers.slice(row * rank, (row + 1) * rank));
  return factor.map((left) => factor.map((right) => inner(left, right)));
}

function inner(left: Float64Array | readonly number[], right: ArrayLike<number>): number {
  let sum = 0;
  for (const [index, value] of left.entries()) sum += value * (right[index] ?? 0);
  return sum;
}

function operatorOf(matrix: readonly (readonly number[])[]): SymmetricOperator {
  return {
    size: matrix.length,
    multiply: (vector, result) => {
      for (const [row, values] of matrix.entries()) result[row] = inner(vector, values);
    },
  };
}

describe('largestEigenvectors', () => {
  const matrices = fc
    .tuple(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 30 }))
    .chain(([size, rank]) =>
      fc
        .array(fc.double({ min: -1, max: 1, noNaN: true }), {
          minLength: size * rank,
          maxLength: size * rank,
        })
        // The squared lengths of smaller ones leave the range of numbers.
        .map((numbers) => numbers.map((number) => (Math.abs(number) < 1e-60 ? 0 : number)))
        .map((numbers) => gram(size, rank, numbers)),
    );

  it('finds orthogonal vectors that the matrix only stretches, all of them when asked', async () => {
    await fc.assert(
      fc.asyncProperty(matrices, async (matrix) => {
        const size = matrix.length;
        const operator = operatorOf(matrix);
        const { values, vectors } = await largestEigenvectors(operator, size);
        const trace = matrix.reduce((sum, row, index) => sum + (row[index] ?? 0), 0);
        const scale = Math.max(trace, 1e-300);
        expect(values).toHaveLength(size);
        expect(Math.abs(values.reduce((sum, value) => sum + value, 0) - trace) / scale).toBeLessThan(1e-9);
        const product = new Float64Array(size);
        for (const [place, value] of values.entries()) {
          const vector = vectors.slice(place * size, (place + 1) * size);
          operator.multiply(vector, product);
          for (const [index, element] of product.entries()) {
            expect(Math.abs(element - value * (vector[index] ?? 0)) / scale).toBeLessThan(1e-8);
          }
          for (let other = 0; other <= place; other++) {
            const cosine = inner(vector, vectors.slice(other * size, (other + 1) * size));
            expect(cosine).toBeCloseTo(other === place ? 1 : 0, 8);
          }
        }
      }),
    );
  });

  // Their spread and the zeros are what makes rounding errors grow where vectors are not kept orthogonal.
  it('finds the largest few of many, each once', async () => {
    const size = 400;
    const diagonal = Float64Array.from({ length: size }, (_, index) => {
      const place = (index * 7) % size;
      return place < 150 ? 1_000 * 0.97 ** place : 0;
    });
    const { values, vectors } = await largestEigenvectors(
      {
        size,
        multiply: (vector, result) => {
          for (const [index, value] of vector.entries()) result[index] = value * (diagonal[index] ?? 0);
        },
      },
      60,
    );
    const expected = diagonal.toSorted().toReversed().slice(0, 60);
    expect(values).toHaveLength(60);
    for (const [place, value] of expected.entries()) {
      expect(values[place]).toBeCloseTo(value, 5);
      expect(Math.abs(vectors[place * size + diagonal.indexOf(value)] ?? 0)).toBeCloseTo(1, 6);
    }
  });

  it('stops when it is told to', async () => {
    const operator = operatorOf(
      gram(
        80,
        80,
        Array.from({ length: 6_400 }, (_, index) => Math.sin(index * index)),
      ),
    );
    await expect(
      largestEigenvectors(operator, 40, { signal: AbortSignal.abort(new Error('enough')) }),
    ).rejects.toThrow('enough');
  });
});
