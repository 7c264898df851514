import { seededRandom } from '../seeded-random.ts';
import { at } from '../typed-array.ts';

/** Vectors of length 1, `dimensions` numbers each, one after the other. */
export interface UnitVectors {
  readonly dimensions: number;
  readonly values: Float32Array<ArrayBuffer>;
}

export interface Clustering {
  readonly centroids: UnitVectors;
  /** The cluster of each point. */
  readonly assignments: Int32Array<ArrayBuffer>;
}

/** Rounds at most; most points have settled long before. */
const roundLimit = 100;

/**
 * Spherical k-means (Dhillon and Modha, "Concept decompositions for large sparse text data", 2001): clusters of points by
 * cosine, by Lloyd's rounds from k-means++ seeds (Arthur and Vassilvitskii, SODA 2007). Returns fewer than `count` clusters
 * where there are fewer different points. The same for the same seed.
 */
export function sphericalKMeans(points: UnitVectors, count: number, seed: number): Clustering {
  const random = seededRandom(seed);
  const pointCount = points.values.length / points.dimensions;
  let centroids = spreadSeeds(points, count, random);
  const assignments = new Int32Array(pointCount).fill(-1);
  for (let round = 0; round < roundLimit; round++) {
    let moved = 0;
    for (let point = 0; point < pointCount; point++) {
      const nearest = nearestTo(centroids, points.values, point * points.dimensions);
      if (nearest === assignments[point]) continue;
      assignments[point] = nearest;
      moved++;
    }
    if (moved === 0 || round + 1 === roundLimit) break;
    centroids = meansOf(points, assignments, centroids);
  }
  return { centroids, assignments };
}

/** The number of the centroid nearest to the vector that begins at `start` of `values`, whatever its length; of equals the lowest. */
export function nearestTo(
  { dimensions, values: centroids }: UnitVectors,
  values: Float32Array,
  start = 0,
): number {
  let best = 0;
  let bestProduct = -Infinity;
  for (let from = 0; from < centroids.length; from += dimensions) {
    const product = dot(centroids, from, values, start, dimensions);
    if (product <= bestProduct) continue;
    bestProduct = product;
    best = from / dimensions;
  }
  return best;
}

/** Makes the vector of `length` numbers that begins at `start` one of length 1, unless it is all 0. */
export function normalise(values: Float32Array, start: number, length: number): void {
  const norm = Math.sqrt(dot(values, start, values, start, length));
  if (norm === 0) return;
  for (let index = start; index < start + length; index++) values[index] = at(values, index) / norm;
}

/**
 * Seeds that are far from each other: points are drawn by their squared distance to the nearest seed so far, and of a few
 * that are drawn the one that leaves least distance becomes a seed (greedy k-means++, in the same paper).
 */
function spreadSeeds(points: UnitVectors, count: number, random: () => number): UnitVectors {
  const { dimensions, values } = points;
  const pointCount = values.length / dimensions;
  const trials = 2 + Math.floor(Math.log(count));
  const first = Math.min(pointCount - 1, Math.floor(random() * pointCount));
  const seeds = [first];
  let distances = distancesWith(points, first, new Float64Array(pointCount).fill(Infinity));
  while (seeds.length < count) {
    const sum = sumOf(distances);
    if (sum === 0) break;
    const [best] = Array.from({ length: trials }, () => {
      const point = drawByWeight(distances, random() * sum);
      const left = distancesWith(points, point, distances);
      return { point, left, sum: sumOf(left) };
    }).toSorted((a, b) => a.sum - b.sum);
    if (best === undefined) break;
    seeds.push(best.point);
    distances = best.left;
  }
  const seedValues = new Float32Array(seeds.length * dimensions);
  for (const [number, point] of seeds.entries()) {
    seedValues.set(values.subarray(point * dimensions, (point + 1) * dimensions), number * dimensions);
  }
  return { dimensions, values: seedValues };
}

/** Squared distances to the nearest seed when `seed` has become one. */
function distancesWith(
  { dimensions, values }: UnitVectors,
  seed: number,
  distances: Float64Array,
): Float64Array {
  return distances.map((distance, point) => {
    // |a − b|² of two of length 1; rounding leaves something between equals.
    const product = dot(values, point * dimensions, values, seed * dimensions, dimensions);
    return Math.min(distance, product > 1 - 1e-6 ? 0 : 2 - 2 * product);
  });
}

function sumOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}

/** The place at which the running sum of weights passes `target`; never one whose weight is 0. */
function drawByWeight(weights: Float64Array, target: number): number {
  let sum = 0;
  let last = 0;
  for (let place = 0; place < weights.length; place++) {
    const weight = at(weights, place);
    if (weight === 0) continue;
    sum += weight;
    last = place;
    if (sum > target) break;
  }
  return last;
}

/** The direction of the sum of each cluster's points; an empty cluster stays where it is. */
function meansOf(points: UnitVectors, assignments: Int32Array, before: UnitVectors): UnitVectors {
  const { dimensions, values } = points;
  const sums = new Float64Array(before.values.length);
  for (let point = 0; point < assignments.length; point++) {
    const target = at(assignments, point) * dimensions;
    for (let index = 0; index < dimensions; index++) {
      sums[target + index] = at(sums, target + index) + at(values, point * dimensions + index);
    }
  }
  const means = Float32Array.from(sums);
  for (let from = 0; from < means.length; from += dimensions) {
    normalise(means, from, dimensions);
    if (means.subarray(from, from + dimensions).every((value) => value === 0)) {
      means.set(before.values.subarray(from, from + dimensions), from);
    }
  }
  return { dimensions, values: means };
}

function dot(a: Float32Array, startA: number, b: Float32Array, startB: number, length: number): number {
  let sum = 0;
  for (let index = 0; index < length; index++) sum += at(a, startA + index) * at(b, startB + index);
  return sum;
}
