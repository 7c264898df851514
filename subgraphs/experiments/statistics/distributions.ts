/**
 * Distribution functions that keep their relative precision in both tails: a survival function is computed as such and
 * never as 1 − cdf, so that a p-value of 1e-40 has its digits. The special functions are Cephes's (Moshier, 1989).
 */
import { compiled, erfc, igamc, incbet, lgam, ndtri } from 'cephes';

// Its ES module compiles the WebAssembly without blocking, in about 20 ms, and its functions wait for nothing.
await compiled;

/** P(Z ≤ z) of the standard normal distribution. */
export function normalCdf(z: number): number {
  return normalSurvival(-z);
}

/** P(Z > z) of the standard normal distribution. */
export function normalSurvival(z: number): number {
  // Where nothing is left of a tail, cephes throws.
  if (Math.abs(z) > emptyTail) return z > 0 ? 0 : 1;
  return erfc(z / Math.SQRT2) / 2;
}

/** Density of the standard normal distribution. */
export function normalDensity(z: number): number {
  return Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
}

/**
 * z with P(Z ≤ z) = `probability`; the upper quantile of a small q is −normalQuantile(q). Throws a RangeError outside of
 * (0, 1).
 */
export function normalQuantile(probability: number): number {
  assertInside(probability);
  return ndtri(probability);
}

/** P(T ≤ t) of Student's distribution; `df` > 0 need not be whole. */
export function studentTCdf(t: number, df: number): number {
  return studentTSurvival(-t, df);
}

/** P(T > t) of Student's distribution; `df` > 0 need not be whole. */
export function studentTSurvival(t: number, df: number): number {
  if (t < 0) return 1 - studentTSurvival(-t, df);
  if (df >= manyDegrees) return normalSurvival(normalOfStudentT(t, df));
  // Abramowitz and Stegun 26.7.1. A square over 1e308 is as good as infinite for the first form, which tends to 0.
  const square = t * t;
  if (square > 1) return incbet(df / 2, 0.5, 1 / (1 + square / df)) / 2;
  return 0.5 - incbet(0.5, df / 2, square / (df + square)) / 2;
}

/**
 * t with P(T ≤ t) = `probability`; the upper quantile of a small q is −studentTQuantile(q, df). Throws a RangeError
 * outside of [1e-150, 1).
 */
export function studentTQuantile(probability: number, df: number): number {
  assertInside(probability, smallestTail);
  if (probability === 0.5) return 0;
  if (probability > 0.5) return -studentTQuantile(1 - probability, df);
  if (df >= manyDegrees) return -studentTOfNormal(-normalQuantile(probability), df);
  return -invertedStudentT(probability, df);
}

/** P(X > x) of the χ² distribution. */
export function chiSquareSurvival(x: number, df: number): number {
  if (x <= 0) return 1;
  if (x === Number.POSITIVE_INFINITY) return 0;
  const logDensity = (df / 2) * Math.log(x / 2) - x / 2 - lgam(df / 2);
  // Where nothing is left of either tail, cephes throws.
  if (logDensity < emptyLog) return x < df ? 1 : 0;
  return igamc(df / 2, x / 2);
}

/** P(X ≤ x) of the Beta distribution. */
export function betaCdf(x: number, alpha: number, beta: number): number {
  if (x <= 0) return 0;
  return x >= 1 ? 1 : incbet(alpha, beta, x);
}

/** Squares of smaller t quantiles would overflow at one degree of freedom. */
const smallestTail = 1e-150;

/** The normal tail from here on is under 1e-305, and the logarithm of such a one. */
const emptyTail = 37.3;
const emptyLog = -700;

/** From here on Hill's series is right to 1e-12, and the incomplete beta function loses digits. */
const manyDegrees = 3_000;

/** The normal deviate with the same tail as t. Hill, Algorithm 395, Communications of the ACM 13 (1970) 617. */
function normalOfStudentT(t: number, df: number): number {
  const a = df - 0.5;
  const b = 48 * a * a;
  const y = a * Math.log1p(Math.min(t * t, Number.MAX_VALUE) / df);
  const series = (((-0.4 * y - 3.3) * y - 24) * y - 85.5) / (0.8 * y * y + 100 + b) + y + 3;
  return (series / b + 1) * Math.sqrt(y);
}

/** Inverse of `normalOfStudentT`: each step of this iteration gains seven digits, because the series is a small correction. */
function studentTOfNormal(z: number, df: number): number {
  const a = df - 0.5;
  let root = z;
  for (let step = 0; step < 4; step += 1) {
    const t = Math.sqrt(df * Math.expm1((root * root) / a));
    root += z - normalOfStudentT(t, df);
  }
  return Math.sqrt(df * Math.expm1((root * root) / a));
}

/**
 * The t > 0 whose upper tail is `tail` < 0.5, by Newton's method on the logarithms of both: a concave curve, on which the
 * steps fall to the root from the start, the t that a tail without its bend would reach. Cephes's own inverse has eight
 * digits at places, and none for small tails of many degrees of freedom.
 */
function invertedStudentT(tail: number, df: number): number {
  const logScale = lgam((df + 1) / 2) - lgam(df / 2) - Math.log(df * Math.PI) / 2;
  const heavy = Math.exp((logScale + ((df - 1) / 2) * Math.log(df) - Math.log(tail)) / df);
  let t = df < 30 ? heavy : studentTOfNormal(-normalQuantile(tail), df);
  for (let step = 0; step < 50; step += 1) {
    const survival = studentTSurvival(t, df);
    const logDensity = logScale - ((df + 1) / 2) * Math.log1p((t * t) / df);
    const change = (Math.log(survival / tail) * survival) / (Math.exp(logDensity) * t);
    t *= Math.exp(change);
    if (Math.abs(change) < 1e-14) break;
  }
  return t;
}

function assertInside(probability: number, smallest = 0): void {
  if (!(probability > 0 && probability >= smallest && probability < 1)) {
    throw new RangeError(`A quantile needs a probability between ${smallest} and 1, not ${probability}.`);
  }
}
