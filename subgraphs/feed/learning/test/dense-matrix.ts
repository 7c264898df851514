/** A dense matrix by rows. */
export type Dense = readonly (readonly number[])[];

/** A matrix from what stands at each place. */
export function denseOf(
  rows: number,
  columns: number,
  of: (row: number, column: number) => number,
): number[][] {
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (_column, column) => of(row, column)),
  );
}

/** The element at a place that is inside. */
export function element(matrix: Dense, row: number, column: number): number {
  return matrix[row]?.[column] ?? Number.NaN;
}

export function transposed(matrix: Dense): number[][] {
  return denseOf(matrix[0]?.length ?? 0, matrix.length, (row, column) => element(matrix, column, row));
}

export function product(left: Dense, right: Dense): number[][] {
  return denseOf(left.length, right[0]?.length ?? 0, (row, column) =>
    (left[row] ?? []).reduce((sum, value, index) => sum + value * element(right, index, column), 0),
  );
}

/** The inverse of a positive definite matrix, by Gauss and Jordan. */
export function inverse(matrix: Dense): number[][] {
  const size = matrix.length;
  let rows = matrix.map((row, index) => [...row, ...identityRow(size, index)]);
  for (let pivot = 0; pivot < size; pivot++) {
    const scale = element(rows, pivot, pivot);
    const pivotRow = (rows[pivot] ?? []).map((value) => value / scale);
    rows = rows.map((row, index) => {
      if (index === pivot) return pivotRow;
      const factor = row[pivot] ?? 0;
      return row.map((value, column) => value - factor * (pivotRow[column] ?? 0));
    });
  }
  return rows.map((row) => row.slice(size));
}

function identityRow(size: number, index: number): number[] {
  return Array.from({ length: size }, (_, column) => (column === index ? 1 : 0));
}
