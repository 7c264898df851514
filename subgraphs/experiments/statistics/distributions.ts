/**
 * Distribution functions that keep their relative precision in both tails: a survival function is computed as such and
 * never as 1 − cdf, so that a p-value of 1e-40 has its digits. The special functions are Cephes's (Moshier, 1989).
 */
import { compiled, erfc, igamc, incbet, incbi, lgam, ndtri } from 'cephes';

// Its ES module compiles the WebAssembly without blocking, in about 20 ms, and its functions wait for nothing.
await compiled;

/** P(Z ≤ z) of the standard normal distribution. */
export function normalCdf(z: number): number {
  return normalSurvival(-z);
}

/** P(Z > z) of the standard normal distribution. */
export function normalSurvival(z: number): number {
  if (Math.abs(z) > farthest) return z > 0 ? 0 : 1;
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
 * outside of (0, 1).
 */
export function studentTQuantile(probability: number, df: number): number {
  assertInside(probability);
  if (probability === 0.5) return 0;
  if (probability > 0.5) return -studentTQuantile(1 - probability, df);
  if (df >= manyDegrees) return -studentTOfNormal(-normalQuantile(probability), df);
  return -polishedStudentT(probability, df);
}

/** P(X > x) of the χ² distribution. */
export function chiSquareSurvival(x: number, df: number): number {
  if (x <= 0) return 1;
  const [shape, half] = [df / 2, x / 2];
  const isTiny = half > shape && shape * Math.log(half) - half - lgam(shape) < -700;
  return isTiny ? 0 : igamc(shape, half);
}

/** P(X ≤ x) of the Beta distribution. */
export function betaCdf(x: number, alpha: number, beta: number): number {
  if (x <= 0) return 0;
  return x >= 1 ? 1 : incbet(alpha, beta, x);
}

/** Further out a normal tail is below 1e-300, and Cephes throws; like the χ² tail it is taken for 0. */
const farthest = 37;

/** From here on Hill's series is right to 1e-12, and the incomplete beta function loses digits. */
const manyDegrees = 3_000;

/** The normal deviate with the same tail as t. Hill, Algorithm 395, Communications of the ACM 13 (1970) 617. */
function normalOfStudentT(t: number, df: number): number {
  const a = df - 0.5;
  const b = 48 * a * a;
  const y = a * Math.log1p((t * t) / df);
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

/** The t > 0 whose upper tail is `tail` < 0.5: Cephes's inverse, of which some have eight digits, and Newton's steps. */
function polishedStudentT(tail: number, df: number): number {
  const x = incbi(df / 2, 0.5, 2 * tail);
  let t = Math.sqrt(df * (1 / x - 1));
  const logScale = lgam((df + 1) / 2) - lgam(df / 2) - Math.log(df * Math.PI) / 2;
  for (let step = 0; step < 3; step += 1) {
    const survival = studentTSurvival(t, df);
    const density = Math.exp(logScale - ((df + 1) / 2) * Math.log1p((t * t) / df));
    // On the logarithm of both, where a tail of any weight is nearly straight; near the middle on the values themselves.
    if (tail < 0.1) t *= Math.exp((Math.log(survival / tail) * survival) / (density * t));
    else t += (survival - tail) / density;
  }
  return t;
}

function assertInside(probability: number): void {
  if (!(probability > 0 && probability < 1)) {
    throw new RangeError(`A quantile needs a probability between 0 and 1, not ${probability}.`);
  }
}
