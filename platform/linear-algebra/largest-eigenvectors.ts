import { tridiagonalEigen } from './tridiagonal-eigen.ts';
import { VectorSet } from './vector-set.ts';

/** A symmetric positive semidefinite matrix, known by what it does. */
export interface SymmetricOperator {
  readonly size: number;
  /** Writes the product with `vector` to `result`. */
  readonly multiply: (vector: Float64Array, result: Float64Array) => void;
}

export interface Eigenvectors {
  /** The largest first. */
  readonly values: Float64Array;
  /** Vector v is `vectors[v · size] … vectors[(v + 1) · size − 1]`, of length 1. */
  readonly vectors: Float64Array;
}

export interface EigenvectorsOptions {
  /** Hears the steps taken, and how many of the wanted vectors are exact by now. */
  readonly onProgress?: ((steps: number, found: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Error of a vector that is small enough, as a share of the largest eigenvalue. */
const tolerance = 1e-9;

/** What is left of a vector, as a share of the largest stretch, when it is nothing but rounding errors. */
const negligible = 1e-13;

/** Steps between two looks at how far it is. */
const stepsPerLook = 32;

/**
 * The `count` eigenvectors with the largest eigenvalues, by Lanczos' method with full reorthogonalisation (Golub and
 * Van Loan, "Matrix Computations", 10.3), which is exact up to rounding and the same each time. Of an eigenvalue that
 * is there several times it may find fewer. Elements below 1e-120 may count as nothing. Returns fewer than `count` for a smaller matrix.
 * @throws the reason of `signal` when that aborts.
 */
export async function largestEigenvectors(
  operator: SymmetricOperator,
  count: number,
  { onProgress, signal }: EigenvectorsOptions = {},
): Promise<Eigenvectors> {
  const lanczos = new Lanczos(operator, Math.min(operator.size, 3 * count + stepsPerLook));
  const wanted = Math.min(count, operator.size);
  for (;;) {
    lanczos.step();
    const complete = lanczos.steps === operator.size;
    if (complete || (lanczos.steps >= wanted && lanczos.steps % stepsPerLook === 0)) {
      const found = lanczos.countExact(wanted);
      onProgress?.(lanczos.steps, found);
      if (complete || found === wanted) return lanczos.eigenvectors(wanted);
      // A turn of the event loop, so that the signal can come in.
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
      signal?.throwIfAborted();
    }
  }
}

class Lanczos {
  readonly #operator: SymmetricOperator;
  readonly #basis: VectorSet;
  readonly #diagonal: number[] = [];
  readonly #off: number[] = [];
  #current: Float64Array<ArrayBuffer>;
  /** The largest stretch seen. */
  #scale = 0;
  #random = 1;

  constructor(operator: SymmetricOperator, capacity: number) {
    this.#operator = operator;
    this.#basis = new VectorSet(operator.size, capacity);
    this.#current = this.#newDirection();
  }

  get steps(): number {
    return this.#diagonal.length;
  }

  step(): void {
    const { size, multiply } = this.#operator;
    this.#basis.add(this.#current);
    const next = new Float64Array(size);
    multiply(this.#current, next);
    this.#scale = Math.max(this.#scale, norm(next));
    // What lies along the vectors so far goes; along the newest one it is the diagonal element.
    const along = this.#orthogonalise(next);
    this.#diagonal.push(along);
    const length = norm(next);
    if (length > negligible * this.#scale) {
      this.#off.push(length);
      for (let index = 0; index < size; index++) next[index] = (next[index] ?? 0) / length;
      this.#current = next;
    } else {
      // The space so far is closed: go on in a new direction.
      this.#off.push(0);
      if (this.steps < size) this.#current = this.#newDirection();
    }
  }

  /** How many of the largest `wanted` are exact already. */
  countExact(wanted: number): number {
    const last = new Float64Array(this.steps);
    last[this.steps - 1] = 1;
    const values = tridiagonalEigen(Float64Array.from(this.#diagonal), Float64Array.from(this.#off), last);
    const order = descending(values).slice(0, wanted);
    const most = (values[order[0] ?? 0] ?? 0) * tolerance;
    const beyond = this.#off.at(-1) ?? 0;
    return order.filter((index) => Math.abs(beyond * (last[index] ?? 0)) <= most).length;
  }

  eigenvectors(wanted: number): Eigenvectors {
    const { steps } = this;
    const components = new Float64Array(steps * steps);
    for (let index = 0; index < steps; index++) components[index * steps + index] = 1;
    const all = tridiagonalEigen(Float64Array.from(this.#diagonal), Float64Array.from(this.#off), components);
    const order = descending(all).slice(0, wanted);
    const { size } = this.#operator;
    const vectors = new Float64Array(order.length * size);
    for (const [place, index] of order.entries()) {
      const vector = vectors.subarray(place * size, (place + 1) * size);
      this.#basis.addTo(vector, components.subarray(index * steps, (index + 1) * steps));
    }
    return { values: Float64Array.from(order, (index) => all[index] ?? 0), vectors };
  }

  /** Takes from `vector` what lies along the basis; returns how much lay along its last vector. */
  #orthogonalise(vector: Float64Array): number {
    const products = new Float64Array(this.#basis.count);
    let along = 0;
    // Once leaves rounding errors that grow from step to step; twice is enough (Parlett, "The symmetric eigenvalue
    // problem", 6.9).
    for (let pass = 0; pass < 2; pass++) {
      this.#basis.products(vector, products);
      along += products.at(-1) ?? 0;
      for (let index = 0; index < products.length; index++) products[index] = -(products[index] ?? 0);
      this.#basis.addTo(vector, products);
    }
    return along;
  }

  /** A vector of length 1 across the basis; pseudo-random, from xorshift (Marsaglia 2003). */
  #newDirection(): Float64Array<ArrayBuffer> {
    const vector = new Float64Array(this.#operator.size);
    for (let index = 0; index < vector.length; index++) {
      this.#random ^= this.#random << 13;
      this.#random ^= this.#random >>> 17;
      this.#random ^= this.#random << 5;
      vector[index] = this.#random / 2 ** 31;
    }
    this.#orthogonalise(vector);
    const length = norm(vector);
    for (let index = 0; index < vector.length; index++) vector[index] = (vector[index] ?? 0) / length;
    return vector;
  }
}

function descending(values: Float64Array): number[] {
  return Array.from(values.keys()).toSorted((a, b) => (values[b] ?? 0) - (values[a] ?? 0));
}

function norm(vector: Float64Array): number {
  let sum = 0;
  for (const value of vector) sum += value * value;
  return Math.sqrt(sum);
}
