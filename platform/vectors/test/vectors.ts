import type { VectorPoint } from '../vector-index.ts';

/** A random number generator (mulberry32), the same numbers for the same seed, 0 to 1. */
export function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function randomVector(random: () => number, dimensions: number): Float32Array {
  return Float32Array.from({ length: dimensions }, () => random() - 0.5);
}

/** Points `p0`, `p1`, … in turn in the regions and, within a region, in the categories. */
export function randomPoints(
  count: number,
  { regions = ['FR', 'DE'], categories = ['wedding', 'venue'], dimensions = 8, seed = 1 } = {},
): VectorPoint[] {
  const random = numbers(seed);
  return Array.from({ length: count }, (_, index) => ({
    id: `p${index}`,
    vector: randomVector(random, dimensions),
    region: regions[index % regions.length] ?? '',
    category: categories[Math.floor(index / regions.length) % categories.length] ?? '',
  }));
}

export function cosine(a: Float32Array, b: Float32Array): number {
  let [dot, aa, bb] = [0, 0, 0];
  for (let index = 0; index < a.length; index++) {
    const [value, other] = [a[index] ?? 0, b[index] ?? 0];
    dot += value * other;
    aa += value * value;
    bb += other * other;
  }
  return dot / Math.sqrt(aa * bb);
}

/** The ids of the `limit` points most similar to `vector`, best first. */
export function nearestIds(points: readonly VectorPoint[], vector: Float32Array, limit: number): string[] {
  return points
    .map(({ id, vector: own }) => ({ id, similarity: cosine(own, vector) }))
    .toSorted((a, b) => b.similarity - a.similarity || (a.id < b.id ? -1 : 1))
    .slice(0, limit)
    .map(({ id }) => id);
}

/** `points` in batches, as a source would give them. */
export async function* inBatches(
  points: readonly VectorPoint[],
  size = 100,
): AsyncGenerator<readonly VectorPoint[]> {
  for (let start = 0; start < points.length; start += size) {
    yield await Promise.resolve(points.slice(start, start + size));
  }
}
