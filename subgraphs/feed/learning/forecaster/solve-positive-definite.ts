import { at } from '../typed-array.ts';

/**
 * Solves A·x = b for a symmetric positive definite A, row by row in `matrix`, by Cholesky's factorisation (Golub and Van
 * Loan, "Matrix Computations", 4.2). Both are overwritten; returns `vector`, which is x then.
 * @throws RangeError where A is not positive definite.
 */
export function solvePositiveDefinite(matrix: Float64Array, vector: Float64Array): Float64Array {
  const size = vector.length;
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) {
      let sum = at(matrix, row * size + column);
      for (let k = 0; k < column; k++) sum -= at(matrix, row * size + k) * at(matrix, column * size + k);
      if (row === column && !(sum > 0)) throw new RangeError('The matrix is not positive definite.');
      matrix[row * size + column] =
        row === column ? Math.sqrt(sum) : sum / at(matrix, column * size + column);
    }
  }
  for (let row = 0; row < size; row++) {
    let sum = at(vector, row);
    for (let k = 0; k < row; k++) sum -= at(matrix, row * size + k) * at(vector, k);
    vector[row] = sum / at(matrix, row * size + row);
  }
  for (let row = size - 1; row >= 0; row--) {
    let sum = at(vector, row);
    for (let k = row + 1; k < size; k++) sum -= at(matrix, k * size + row) * at(vector, k);
    vector[row] = sum / at(matrix, row * size + row);
  }
  return vector;
}
