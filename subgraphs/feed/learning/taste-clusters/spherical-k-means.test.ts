import fc from 'fast-check';
import { expect, it } from 'vitest';
import { seededRandom } from '../seeded-random.ts';
import { nearestTo, normalise, sphericalKMeans, type UnitVectors } from './spherical-k-means.ts';

function unitVectors(rows: readonly (readonly number[])[]): UnitVectors {
  const dimensions = rows[0]?.length ?? 0;
  const values = Float32Array.from(rows.flat());
  for (let start = 0; start < values.length; start += dimensions) normalise(values, start, dimensions);
  return { dimensions, values };
}

const rowAt = ({ dimensions, values }: UnitVectors, row: number): Float32Array =>
  values.subarray(row * dimensions, (row + 1) * dimensions);

const cosine = (a: Float32Array, b: Float32Array): number =>
  a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);

const clouds = fc
  .record({
    rows: fc.array(fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 3, maxLength: 3 }), {
      minLength: 1,
      maxLength: 40,
    }),
    count: fc.integer({ min: 1, max: 6 }),
    seed: fc.integer(),
  })
  .map(({ rows, ...rest }) => ({
    ...rest,
    points: unitVectors(rows.map(([x = 0, y = 0, z = 0]) => [x + 2, y, z])),
    pointCount: rows.length,
  }));

it('puts each point with the centroid nearest to it, and each centroid amid its points', () => {
  fc.assert(
    fc.property(clouds, ({ points, pointCount, count, seed }) => {
      const { centroids, assignments } = sphericalKMeans(points, count, seed);
      const clusterCount = centroids.values.length / centroids.dimensions;
      expect(clusterCount).toBeLessThanOrEqual(Math.min(count, pointCount));
      for (const [point, own] of assignments.entries()) {
        const products = Array.from({ length: clusterCount }, (_, cluster) =>
          cosine(rowAt(points, point), rowAt(centroids, cluster)),
        );
        expect(products[own]).toBeCloseTo(Math.max(...products), 6);
        expect(nearestTo(centroids, points.values, point * points.dimensions)).toBe(own);
      }
      for (let cluster = 0; cluster < clusterCount; cluster++) {
        const own = [...assignments.keys()].filter((point) => assignments[point] === cluster);
        const sum = Float32Array.from({ length: points.dimensions }, (_, index) =>
          own.reduce((total, point) => total + (rowAt(points, point)[index] ?? 0), 0),
        );
        if (own.length === 0) continue;
        expect(cosine(sum, rowAt(centroids, cluster))).toBeCloseTo(Math.hypot(...sum), 4);
      }
    }),
  );
});

it('is the same for the same seed', () => {
  fc.assert(
    fc.property(clouds, ({ points, count, seed }) => {
      expect(sphericalKMeans(points, count, seed)).toEqual(sphericalKMeans(points, count, seed));
    }),
  );
});

it('finds groups that are far from each other, whatever the seed', () => {
  const random = seededRandom(7);
  const groups = Array.from({ length: 60 }, (_, point) => point % 3);
  const points = unitVectors(
    groups.map((group) => [0, 1, 2].map((axis) => (axis === group ? 1 : 0.2 * random()))),
  );
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const { assignments } = sphericalKMeans(points, 3, seed);
      const names = new Map(groups.map((group, point) => [group, assignments[point]]));
      expect(new Set(names.values()).size).toBe(3);
      expect([...assignments]).toEqual(groups.map((group) => names.get(group)));
    }),
  );
});

it('makes no more clusters than there are different points', () => {
  const { centroids, assignments } = sphericalKMeans(
    unitVectors([
      [1, 0],
      [2, 0],
      [0, 1],
      [1, 0],
    ]),
    4,
    1,
  );
  expect(centroids.values).toHaveLength(4);
  expect(new Set([assignments[0], assignments[1], assignments[3]]).size).toBe(1);
  expect(assignments[2]).not.toBe(assignments[0]);
});
