import fc from 'fast-check';
import { expect, it } from 'vitest';
import { matchClusters } from './match-clusters.ts';

const vectors = (rows: readonly (readonly number[])[]) => ({
  dimensions: 2,
  values: Float32Array.from(rows.flat()),
});

const earlier = (rows: Readonly<Record<number, readonly number[]>>) =>
  Object.entries(rows).map(([cluster, centroid]) => ({
    cluster: Number(cluster),
    centroid: Float32Array.from(centroid),
  }));

it('gives a cluster the number of the earlier one nearest to it', () => {
  const before = earlier({ 3: [1, 0], 7: [0, 1] });
  expect(
    matchClusters(
      vectors([
        [0, 1],
        [1, 0],
      ]),
      before,
    ),
  ).toEqual([7, 3]);
  // Both are nearest to 3; the nearer gets it.
  expect(
    matchClusters(
      vectors([
        [0.8, 0.6],
        [1, 0],
      ]),
      before,
    ),
  ).toEqual([7, 3]);
});

it('gives what is new the lowest free numbers', () => {
  expect(
    matchClusters(
      vectors([
        [1, 0],
        [0, 1],
      ]),
      [],
    ),
  ).toEqual([0, 1]);
  const before = earlier({ 1: [1, 0] });
  expect(
    matchClusters(
      vectors([
        [0, 1],
        [1, 0],
        [-1, 0],
      ]),
      before,
    ),
  ).toEqual([0, 1, 2]);
});

it('never gives a number twice, and none beyond what is needed', () => {
  const rows = fc.array(fc.tuple(fc.double({ min: -1, max: 1, noNaN: true }), fc.constant(1)), {
    maxLength: 8,
  });
  fc.assert(
    fc.property(rows, rows, (now, before) => {
      const numbers = matchClusters(
        vectors(now),
        before.map((centroid, cluster) => ({ cluster, centroid: Float32Array.from(centroid) })),
      );
      expect(numbers).toHaveLength(now.length);
      expect(new Set(numbers).size).toBe(now.length);
      expect(Math.max(-1, ...numbers)).toBeLessThan(Math.max(now.length, before.length));
    }),
  );
});
