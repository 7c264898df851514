/** Rounds after which a value counts as lost; two or three are usual. */
const mostRounds = 60;

/**
 * The eigenvalues of the symmetric tridiagonal matrix with this diagonal, and `off[i]` between i and i + 1, in no
 * order, by the implicit QL method (Dubrulle, Martin, Wilkinson, "The implicit QL algorithm", 1968).
 * `rows` (as many rows as fit, stored by columns: element (row, i) is `rows[i · height + row]`) is multiplied by the
 * eigenvectors: the unit matrix becomes their components, its last row their last components, at a fraction of the cost.
 * @throws Error if the method does not converge.
 */
export function tridiagonalEigen(
  diagonal: Float64Array,
  off: Float64Array,
  rows: Float64Array,
): Float64Array {
  const size = diagonal.length;
  const height = rows.length / size;
  const values = diagonal.slice();
  const beside = new Float64Array(size);
  beside.set(off.subarray(0, size - 1));
  for (let first = 0; first < size; first++) {
    let rounds = 0;
    for (let last = splitFrom(values, beside, first); last > first; last = splitFrom(values, beside, first)) {
      if (++rounds > mostRounds) throw new Error('The eigenvalues of a tridiagonal matrix did not converge.');
      sweepQl({ values, beside, rows, height }, first, last);
    }
  }
  return values;
}

/** The end of the part from `first` on that hangs together. */
function splitFrom(values: Float64Array, beside: Float64Array, first: number): number {
  let last = first;
  while (last < values.length - 1) {
    const scale = Math.abs(values[last] ?? 0) + Math.abs(values[last + 1] ?? 0);
    if (Math.abs(beside[last] ?? 0) <= Number.EPSILON * scale) break;
    last++;
  }
  return last;
}

interface Parts {
  readonly values: Float64Array;
  readonly beside: Float64Array;
  readonly rows: Float64Array;
  readonly height: number;
}

/** One sweep of rotations from `last` up to `first`, shifted by an estimate of the eigenvalue there. */
function sweepQl({ values, beside, rows, height }: Parts, first: number, last: number): void {
  const start = values[first] ?? 0;
  const step = beside[first] ?? 0;
  const half = ((values[first + 1] ?? 0) - start) / (2 * step);
  const root = Math.hypot(half, 1);
  let shifted = (values[last] ?? 0) - start + step / (half + (half < 0 ? -root : root));
  let sine = 1;
  let cosine = 1;
  let moved = 0;
  for (let index = last - 1; index >= first; index--) {
    const bulge = sine * (beside[index] ?? 0);
    const kept = cosine * (beside[index] ?? 0);
    const length = Math.hypot(bulge, shifted);
    beside[index + 1] = length;
    if (length === 0) {
      values[index + 1] = (values[index + 1] ?? 0) - moved;
      beside[last] = 0;
      return;
    }
    sine = bulge / length;
    cosine = shifted / length;
    const upper = (values[index + 1] ?? 0) - moved;
    const mixed = ((values[index] ?? 0) - upper) * sine + 2 * cosine * kept;
    moved = sine * mixed;
    values[index + 1] = upper + moved;
    shifted = cosine * mixed - kept;
    rotate(rows, index * height, height, sine, cosine);
  }
  values[first] = start - moved;
  beside[first] = shifted;
  beside[last] = 0;
}

/** Turns two neighbouring columns, the first of which starts at `start`. */
function rotate(rows: Float64Array, start: number, height: number, sine: number, cosine: number): void {
  for (let index = start; index < start + height; index++) {
    const left = rows[index] ?? 0;
    const right = rows[index + height] ?? 0;
    rows[index + height] = sine * left + cosine * right;
    rows[index] = cosine * left - sine * right;
  }
}
