/**
 * L⁻¹ of the Cholesky factor L of a symmetric positive definite matrix M = L·Lᵀ, so that M⁻¹ = L⁻ᵀ·L⁻¹. By rows; of
 * `matrix` the lower triangle is read. For single blocks: plain loops in double precision.
 * @throws RangeError for a matrix that is not positive definite.
 */
export function inverseCholeskyFactor(matrix: Float64Array, size: number): Float64Array {
  const factor = new Float64Array(size * size);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) {
      let rest = matrix[row * size + column] ?? 0;
      for (let term = 0; term < column; term++) {
        rest -= (factor[row * size + term] ?? 0) * (factor[column * size + term] ?? 0);
      }
      if (column < row) factor[row * size + column] = rest / (factor[column * size + column] ?? 0);
      else if (rest > 0) factor[row * size + row] = Math.sqrt(rest);
      else throw new RangeError('The matrix is not positive definite.');
    }
  }
  const inverse = new Float64Array(size * size);
  for (let column = 0; column < size; column++) {
    inverse[column * size + column] = 1 / (factor[column * size + column] ?? 0);
    for (let row = column + 1; row < size; row++) {
      let sum = 0;
      for (let term = column; term < row; term++) {
        sum += (factor[row * size + term] ?? 0) * (inverse[term * size + column] ?? 0);
      }
      inverse[row * size + column] = -sum / (factor[row * size + row] ?? 0);
    }
  }
  return inverse;
}

/** Fᵀ·F for a lower triangular F, by rows. */
export function transposedProduct(factor: Float64Array, size: number): Float64Array {
  const product = new Float64Array(size * size);
  for (let term = 0; term < size; term++) {
    for (let row = 0; row <= term; row++) {
      const value = factor[term * size + row] ?? 0;
      for (let column = 0; column <= term; column++) {
        const place = row * size + column;
        product[place] = (product[place] ?? 0) + value * (factor[term * size + column] ?? 0);
      }
    }
  }
  return product;
}
