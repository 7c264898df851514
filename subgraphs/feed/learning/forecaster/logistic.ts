import { at } from '../typed-array.ts';
import { solvePositiveDefinite } from './solve-positive-definite.ts';

/** Rows of `width` numbers each, one after the other. */
export interface DesignRows {
  readonly width: number;
  readonly values: Float64Array;
}

/** The probability of a row x is 1 ÷ (1 + e^−(intercept + weights · x)). */
export interface LogisticFit {
  readonly intercept: number;
  readonly weights: Float64Array;
}

/** Newton's steps at most; a dozen are enough where the penalty is above 0. */
const stepLimit = 50;

/** A step that changes no coefficient by more than this ends the search. */
const tolerance = 1e-9;

/**
 * Logistic regression with an L2 penalty: the coefficients that minimise Σ (ln(1 + e^z) − target · z) + penalty ÷ 2 · |weights|²
 * with z = intercept + weights · x, by Newton's method, which here is iteratively reweighted least squares (Hastie,
 * Tibshirani and Friedman, "The Elements of Statistical Learning", 4.4.1), with steps halved until the loss falls.
 * `targets` are 0..1, one for each row; `penalty` is above 0.
 */
export function fitLogistic(rows: DesignRows, targets: Float64Array, penalty: number): LogisticFit {
  const size = rows.width + 1;
  let coefficients: Float64Array = new Float64Array(size);
  let loss = lossOf(rows, targets, coefficients, penalty);
  for (let step = 0; step < stepLimit; step++) {
    const direction = newtonStep(rows, targets, coefficients, penalty);
    let length = 1;
    let next = moved(coefficients, direction, length);
    let nextLoss = lossOf(rows, targets, next, penalty);
    while (nextLoss > loss && length > 1e-6) {
      length /= 2;
      next = moved(coefficients, direction, length);
      nextLoss = lossOf(rows, targets, next, penalty);
    }
    if (nextLoss > loss) break;
    coefficients = next;
    loss = nextLoss;
    if (direction.every((value) => Math.abs(value * length) <= tolerance)) break;
  }
  return { intercept: at(coefficients, 0), weights: coefficients.slice(1) };
}

/** intercept + weights · x of the row that begins at `start` of `values`. */
export function logitOf({ intercept, weights }: LogisticFit, values: ArrayLike<number>, start = 0): number {
  let sum = intercept;
  for (let column = 0; column < weights.length; column++) {
    sum += at(weights, column) * (values[start + column] ?? 0);
  }
  return sum;
}

/** 1 ÷ (1 + e^−z), without overflow. */
export function logistic(z: number): number {
  return z >= 0 ? 1 / (1 + Math.exp(-z)) : Math.exp(z) / (1 + Math.exp(z));
}

function fitOf(coefficients: Float64Array): LogisticFit {
  return { intercept: at(coefficients, 0), weights: coefficients.subarray(1) };
}

function lossOf(
  { width, values }: DesignRows,
  targets: Float64Array,
  coefficients: Float64Array,
  penalty: number,
): number {
  const fit = fitOf(coefficients);
  let loss = (penalty / 2) * fit.weights.reduce((sum, weight) => sum + weight ** 2, 0);
  for (let row = 0; row < targets.length; row++) {
    const z = logitOf(fit, values, row * width);
    // ln(1 + e^z) without overflow.
    loss += Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))) - at(targets, row) * z;
  }
  return loss;
}

/** What Newton's method adds to the coefficients: the inverse Hessian times the negative gradient. */
function newtonStep(
  { width, values }: DesignRows,
  targets: Float64Array,
  coefficients: Float64Array,
  penalty: number,
): Float64Array {
  const size = width + 1;
  const fit = fitOf(coefficients);
  const hessian = new Float64Array(size * size);
  const gradient = new Float64Array(size);
  const x = new Float64Array(size);
  x[0] = 1;
  for (let row = 0; row < targets.length; row++) {
    for (let column = 0; column < width; column++) x[column + 1] = at(values, row * width + column);
    const probability = logistic(logitOf(fit, values, row * width));
    const curvature = probability * (1 - probability);
    const error = at(targets, row) - probability;
    for (let i = 0; i < size; i++) {
      const scaled = curvature * at(x, i);
      gradient[i] = at(gradient, i) + error * at(x, i);
      if (scaled === 0) continue;
      for (let j = 0; j <= i; j++) hessian[i * size + j] = at(hessian, i * size + j) + scaled * at(x, j);
    }
  }
  // A hair's breadth for the intercept too, so that the matrix can be inverted where every probability is 0 or 1.
  hessian[0] = at(hessian, 0) + 1e-9;
  for (let i = 1; i < size; i++) {
    hessian[i * size + i] = at(hessian, i * size + i) + penalty;
    gradient[i] = at(gradient, i) - penalty * at(coefficients, i);
  }
  return solvePositiveDefinite(hessian, gradient);
}

function moved(from: Float64Array, direction: Float64Array, length: number): Float64Array {
  return from.map((value, index) => value + length * at(direction, index));
}
