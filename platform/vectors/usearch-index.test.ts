import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { inBatches, nearestIds, numbers, randomPoints, randomVector } from './test/vectors.ts';
import { createUsearchIndex } from './usearch-index.ts';
import type { VectorIndex, VectorPoint, VectorQuery } from './vector-index.ts';

const dimensions = 16;
const large = { regions: ['FR', 'FR', 'FR', 'FR', 'DE'], categories: ['wedding', 'venue'], dimensions };
const v1 = { version: 'v1', dimensions };

/** The share of the true nearest points that the index finds over some searches. */
async function recall(
  index: VectorIndex,
  points: readonly VectorPoint[],
  of: Pick<VectorQuery, 'regions' | 'categories'>,
): Promise<number> {
  const allowed = points.filter(
    ({ region, category }) =>
      (of.regions?.includes(region) ?? true) &&
      (of.categories.length === 0 || of.categories.includes(category)),
  );
  const allowedIds = new Set(allowed.map(({ id }) => id));
  const random = numbers(99);
  let [found, wanted] = [0, 0];
  for (let search = 0; search < 5; search++) {
    const vector = randomVector(random, dimensions);
    const exact = new Set(nearestIds(allowed, vector, 50));
    const hits = await index.search({ vector, limit: 50, ...of });
    for (const { id } of hits) {
      expect(allowedIds).toContain(id);
      if (exact.has(id)) found++;
    }
    wanted += exact.size;
  }
  return found / wanted;
}

const searches = [
  { regions: null, categories: [] },
  { regions: ['FR'], categories: [] },
  { regions: ['DE'], categories: [] },
  { regions: ['FR'], categories: ['venue'] },
  { regions: ['DE', 'FR'], categories: ['venue'] },
];

describe('usearch adapter with segments that have graphs', () => {
  const points = randomPoints(6000, large);

  it.each([
    ['built by a worker thread', (index: VectorIndex) => index.replaceAll(inBatches(points), v1)],
    ['grown by upserts', (index: VectorIndex) => index.upsert(points)],
  ])('finds nearly all of the nearest points where they were %s', async (_how, fill) => {
    const index = createUsearchIndex();
    await fill(index);
    for (const of of searches) expect(await recall(index, points, of)).toBeGreaterThan(0.98);

    // Half of them change, and many go.
    const changed = randomPoints(3000, { ...large, seed: 2 });
    await index.upsert(changed);
    await index.remove(points.slice(5000).map(({ id }) => id));
    const left = [...changed, ...points.slice(3000, 5000)];
    expect(await index.count()).toBe(5000);
    for (const of of searches) expect(await recall(index, left, of)).toBeGreaterThan(0.97);

    // Down to where segments are scanned again, which is exact.
    await index.remove(left.slice(300).map(({ id }) => id));
    for (const of of searches) expect(await recall(index, left.slice(0, 300), of)).toBe(1);
    await index.close();
  });

  it('finds a point as soon as its upsert resolves, while other upserts run', async () => {
    const index = createUsearchIndex();
    await index.replaceAll(inBatches(points), v1);
    const late = randomPoints(100, { ...large, seed: 3 }).map((point) => ({
      ...point,
      id: `late-${point.id}`,
    }));
    await Promise.all(
      late.map(async (point) => {
        await index.upsert([point]);
        const hits = await index.search({ ...point, limit: 1, regions: [point.region], categories: [] });
        expect(hits[0]?.id).toBe(point.id);
      }),
    );
    await index.close();
  });

  it('counts writes during a build by the worker thread more than what is built', async () => {
    const index = createUsearchIndex();
    await index.upsert(points.slice(0, 10));
    const moved = points.slice(0, 50).map((point) => ({ ...point, region: 'IT' }));
    const stages = new Set<string>();
    const writing: Promise<void>[] = [];
    await index.replaceAll(inBatches(points), {
      ...v1,
      onProgress: ({ stage }) => {
        if (stage === 'INDEXING' && !stages.has(stage)) {
          writing.push(index.upsert(moved).then(() => index.remove(['p100', 'p101'])));
        }
        stages.add(stage);
      },
    });
    await Promise.all(writing);
    expect([...stages]).toEqual(['READING', 'INDEXING']);
    expect(await index.count()).toBe(5998);
    const { vector } = points[0] ?? { vector: new Float32Array() };
    const hits = await index.search({ vector, limit: 100, regions: ['IT'], categories: [] });
    expect(hits.map(({ id }) => id).toSorted()).toEqual(moved.map(({ id }) => id).toSorted());
    await index.close();
  });

  it('ends the worker thread when it is closed', async () => {
    const index = createUsearchIndex();
    const closing: Promise<void>[] = [];
    const rebuild = index.replaceAll(inBatches(points), {
      ...v1,
      onProgress: ({ stage }) => {
        if (stage === 'INDEXING') closing.push(index.close());
      },
    });
    await expect(rebuild).rejects.toMatchObject({ reason: 'CLOSED' });
    await Promise.all(closing);
  });

  it('answers searches during a long upsert', async () => {
    const index = createUsearchIndex();
    await index.upsert(points.slice(0, 1));
    const upsert = index.upsert(points);
    const { vector } = randomPoints(1, large)[0] ?? { vector: new Float32Array(dimensions) };
    const counts = new Set<number>();
    while ((await index.count()) < points.length) {
      const hits = await index.search({ vector, limit: 10, regions: null, categories: [] });
      expect(hits.length).toBeGreaterThan(0);
      counts.add(await index.count());
      await nextTurn();
    }
    await upsert;
    expect(counts.size).toBeGreaterThan(3);
    await index.close();
  });
});

describe('bounds of the usearch adapter', () => {
  it('refuses more points than it may hold, but not new vectors for those it holds', async () => {
    const points = randomPoints(12, { dimensions });
    const index = createUsearchIndex({ maxPoints: 10 });
    await index.upsert(points.slice(0, 10));
    const full = expect.objectContaining({ reason: 'FULL', message: expect.stringMatching(/QDRANT_URL/) });
    await expect(index.upsert(points.slice(10))).rejects.toThrow(full);
    await index.upsert(randomPoints(10, { dimensions, seed: 2 }));
    await expect(index.replaceAll(inBatches(points), v1)).rejects.toThrow(full);
    expect(await index.count()).toBe(10);
    await index.close();
  });

  it('refuses writes that would wait behind too many others', async () => {
    const index = createUsearchIndex({ maxQueued: 100 });
    const points = randomPoints(100, { dimensions });
    const first = index.upsert(points);
    await expect(index.remove(['p1'])).rejects.toMatchObject({ reason: 'BUSY' });
    await first;
    await index.remove(['p1']);
    expect(await index.count()).toBe(99);
    await index.close();
  });
});
