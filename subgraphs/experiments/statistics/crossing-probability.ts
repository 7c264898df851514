import { normalCdf } from './distributions.ts';
import { gaussLegendre } from './gauss-legendre.ts';

/** The chance to have crossed by the last look, by the drift: the expected z at the last look. */
export type CrossingProbability = (drift: number) => number;

/**
 * How likely a test that looks several times, evenly spaced in information, finds its statistic beyond the critical value of at
 * least one look: |z_j| ≥ `criticalValues[j]`. The z statistics are those of a Brownian motion: z_j is normal with mean
 * drift √(j/k) and standard deviation 1. With one look it is the closed form; else the error is below 1e-7.
 *
 * The density of the paths that have not crossed is integrated from look to look by Gauss-Legendre quadrature (Armitage,
 * McPherson and Rowe 1969), without drift; the likelihood ratio exp(drift s - drift²/2) then gives every drift from one pass.
 */
export function crossingProbability(criticalValues: readonly number[]): CrossingProbability {
  const looks = criticalValues.length;
  const last = criticalValues[looks - 1];
  if (last === undefined) return () => 0;
  if (looks === 1) return (drift) => normalCdf(drift - last) + normalCdf(-drift - last);
  const step = Math.sqrt(1 / looks);
  // A drift of `last + 8` or more crosses at the last look for certain; the paths of all smaller ones stay within these.
  const fastest = last + 8;
  const stride = Math.min(farthest, certain + fastest * step) * step;
  let survivors: Survivors | null = null;
  criticalValues.forEach((critical, look) => {
    const time = Math.sqrt((look + 1) / looks);
    const bound = time * Math.min(critical, farthest, certain + fastest * time);
    survivors = survivors === null ? firstLook(bound, step) : nextLook(survivors, bound, step, stride);
  });
  return (drift) => Math.min(1, Math.max(0, 1 - remaining(survivors, drift)));
}

/** Paths that have not crossed: where they are on s ≥ 0, standing for -s too, and their probability without drift. */
interface Survivors {
  readonly points: Float64Array;
  readonly masses: Float64Array;
}

/** So many standard deviations out a normal density is the least number that a double can tell from 0. */
const farthest = 37;

/** So many standard deviations away from where it is expected no path is. */
const certain = 8;

function remaining(survivors: Survivors | null, drift: number): number {
  if (survivors === null) return 1;
  const halfSquare = (drift * drift) / 2;
  return survivors.points.reduce((sum, s, index) => {
    const tilt = (Math.exp(drift * s - halfSquare) + Math.exp(-drift * s - halfSquare)) / 2;
    return sum + (survivors.masses[index] ?? 0) * tilt;
  }, 0);
}

function firstLook(bound: number, step: number): Survivors {
  const { points, widths } = gridOf(bound, step);
  return { points, masses: widths.map((width, index) => 2 * width * density(points[index] ?? 0, step)) };
}

function nextLook(before: Survivors, bound: number, step: number, stride: number): Survivors {
  const { points, widths } = gridOf(bound, step);
  const { points: origins, masses: sources } = before;
  const masses = new Float64Array(points.length);
  let first = 0;
  for (let index = 0; index < points.length; index++) {
    const to = points[index] ?? 0;
    while (first < origins.length && (origins[first] ?? 0) < to - stride) first += 1;
    let sum = 0;
    for (let origin = first; origin < origins.length; origin++) {
      const from = origins[origin] ?? 0;
      if (from > to + stride) break;
      sum += (sources[origin] ?? 0) * density(to - from, step);
    }
    // The paths from the other side of 0.
    for (let origin = 0; origin < origins.length; origin++) {
      const from = origins[origin] ?? 0;
      if (from > stride - to) break;
      sum += (sources[origin] ?? 0) * density(to + from, step);
    }
    masses[index] = (widths[index] ?? 0) * sum;
  }
  return { points, masses };
}

/** Nodes on [0, bound], in its middle as dense as a step's density asks for. */
function gridOf(
  bound: number,
  step: number,
): { readonly points: Float64Array; readonly widths: Float64Array } {
  const { nodes, weights } = gaussLegendre(12 + 4 * Math.ceil((0.4 * bound) / step));
  return {
    points: nodes.map((node) => (bound * (node + 1)) / 2),
    widths: weights.map((weight) => (bound * weight) / 2),
  };
}

function density(distance: number, step: number): number {
  const z = distance / step;
  return Math.exp((-z * z) / 2) / (step * Math.sqrt(2 * Math.PI));
}
