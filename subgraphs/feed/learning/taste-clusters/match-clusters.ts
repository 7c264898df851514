import { at } from '../typed-array.ts';
import type { UnitVectors } from './spherical-k-means.ts';

/** A cluster of an earlier version, where it lies now. */
export interface EarlierCluster {
  readonly cluster: number;
  /** Of length 1. */
  readonly centroid: Float32Array;
}

/**
 * Numbers new clusters so that the numbers keep their meaning: of all pairs of an earlier cluster and a new one the nearest
 * are matched first, each once. What is left gets the lowest numbers that are free. Returns the number of each centroid.
 */
export function matchClusters(centroids: UnitVectors, earlier: readonly EarlierCluster[]): number[] {
  const { dimensions, values } = centroids;
  const count = values.length / dimensions;
  const pairs = earlier.flatMap(({ cluster, centroid }) =>
    Array.from({ length: count }, (_, number) => ({
      cluster,
      number,
      cosine: centroid.reduce(
        (sum, value, index) => sum + value * at(values, number * dimensions + index),
        0,
      ),
    })),
  );
  const numbers = new Map<number, number>();
  const taken = new Set<number>();
  for (const { cluster, number } of pairs.toSorted((a, b) => b.cosine - a.cosine)) {
    if (numbers.has(number) || taken.has(cluster)) continue;
    numbers.set(number, cluster);
    taken.add(cluster);
  }
  let free = 0;
  return Array.from({ length: count }, (_, number) => {
    const matched = numbers.get(number);
    if (matched !== undefined) return matched;
    while (taken.has(free)) free++;
    taken.add(free);
    return free;
  });
}
