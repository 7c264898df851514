import { at } from './typed-array.ts';

/** Row r has the value `values[p]` in column `columns[p]` for p from `offsets[r]` to `offsets[r + 1] − 1`. */
export interface SparseRows {
  readonly columnCount: number;
  readonly offsets: Int32Array;
  readonly columns: Int32Array;
  readonly values: Float64Array;
}

/** Numbers by row, `width` in each. */
export interface Table {
  readonly width: number;
  readonly values: Float64Array;
}

/** Steps at most; some fifty bring the error below the tolerance. */
const stepLimit = 200;

/** Length of a column's residual that is small enough, as a share of what it began with. */
const tolerance = 1e-5;

/**
 * Ridge regression of `targets` on `rows`: returns W, by column of `rows`, which minimises |rows · W − targets|² + Σ
 * penalty_c · |W_c|². Conjugate gradients on the normal equations, preconditioned by their diagonal (Golub and Van Loan,
 * "Matrix Computations", 11.5), for all columns of the targets at once.
 */
export function ridge(rows: SparseRows, targets: Table, penalties: Float64Array): Table {
  const { width } = targets;
  const size = rows.columnCount * width;
  const diagonal = normalDiagonal(rows, penalties);
  const solution = new Float64Array(size);
  const residual = timesTransposed(rows, targets.values, width);
  const preconditioned = divideRows(residual, diagonal, width);
  const direction = preconditioned.slice();
  let energy = columnProducts(residual, preconditioned, width);
  const enough = energy.map((value) => value * tolerance ** 2);
  for (let step = 0; step < stepLimit; step++) {
    if (energy.every((value, column) => value <= at(enough, column))) break;
    const image = timesTransposed(rows, times(rows, direction, width), width);
    addRows(image, direction, penalties, width);
    const curvature = columnProducts(direction, image, width);
    const lengths = energy.map((value, column) => ratio(value, at(curvature, column)));
    addColumns(solution, direction, lengths, width);
    addColumns(
      residual,
      image,
      lengths.map((length) => -length),
      width,
    );
    const next = divideRows(residual, diagonal, width);
    const nextEnergy = columnProducts(residual, next, width);
    const turns = nextEnergy.map((value, column) => ratio(value, at(energy, column)));
    for (let index = 0; index < size; index++) {
      direction[index] = at(next, index) + at(turns, index % width) * at(direction, index);
    }
    energy = nextEnergy;
  }
  return { width, values: solution };
}

/** 0 where a column is solved already. */
function ratio(numerator: number, denominator: number): number {
  return denominator > 0 ? numerator / denominator : 0;
}

/** rows · W, by row. */
function times({ offsets, columns, values }: SparseRows, table: Float64Array, width: number): Float64Array {
  const result = new Float64Array((offsets.length - 1) * width);
  for (let row = 0; row + 1 < offsets.length; row++) {
    for (let place = at(offsets, row); place < at(offsets, row + 1); place++) {
      addScaled(result, row * width, table, at(columns, place) * width, at(values, place), width);
    }
  }
  return result;
}

/** rowsᵀ · T, by column of the rows. */
function timesTransposed(
  { columnCount, offsets, columns, values }: SparseRows,
  table: Float64Array,
  width: number,
): Float64Array {
  const result = new Float64Array(columnCount * width);
  for (let row = 0; row + 1 < offsets.length; row++) {
    for (let place = at(offsets, row); place < at(offsets, row + 1); place++) {
      addScaled(result, at(columns, place) * width, table, row * width, at(values, place), width);
    }
  }
  return result;
}

function addScaled(
  to: Float64Array,
  toStart: number,
  from: Float64Array,
  fromStart: number,
  factor: number,
  width: number,
): void {
  for (let index = 0; index < width; index++) {
    to[toStart + index] = at(to, toStart + index) + factor * at(from, fromStart + index);
  }
}

function normalDiagonal({ columnCount, columns, values }: SparseRows, penalties: Float64Array): Float64Array {
  const diagonal = Float64Array.from({ length: columnCount }, (_, column) => at(penalties, column));
  for (const [place, column] of columns.entries()) {
    diagonal[column] = at(diagonal, column) + at(values, place) ** 2;
  }
  return diagonal;
}

function divideRows(table: Float64Array, divisors: Float64Array, width: number): Float64Array {
  return table.map((value, index) => value / at(divisors, Math.floor(index / width)));
}

function addRows(to: Float64Array, from: Float64Array, factors: Float64Array, width: number): void {
  for (let index = 0; index < to.length; index++) {
    to[index] = at(to, index) + at(factors, Math.floor(index / width)) * at(from, index);
  }
}

function addColumns(to: Float64Array, from: Float64Array, factors: Float64Array, width: number): void {
  for (let index = 0; index < to.length; index++) {
    to[index] = at(to, index) + at(factors, index % width) * at(from, index);
  }
}

function columnProducts(a: Float64Array, b: Float64Array, width: number): Float64Array {
  const products = new Float64Array(width);
  for (let index = 0; index < a.length; index++) {
    const column = index % width;
    products[column] = at(products, column) + at(a, index) * at(b, index);
  }
  return products;
}
