import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { adapters, type OpenAdapter } from './test/adapters.ts';
import { cosine, inBatches, nearestIds, numbers, randomPoints, randomVector } from './test/vectors.ts';
import type { VectorIndex, VectorPoint, VectorQuery } from './vector-index.ts';

const everything = { limit: 100, regions: null, categories: [] } as const;

function point(id: string, vector: readonly number[], region = 'FR', category = 'wedding'): VectorPoint {
  return { id, vector: Float32Array.from(vector), region, category };
}

async function idsOf(index: VectorIndex, query: Partial<VectorQuery> = {}): Promise<string[]> {
  const vector = Float32Array.of(1, 0);
  const hits = await index.search({ ...everything, vector, ...query });
  return hits.map(({ id }) => id);
}

describe.each(adapters)('vector index: $title', ({ leftOut, open }) => {
  // The title says why where it is left out.
  describe.skipIf(leftOut)('contract', () => {
    let adapter: OpenAdapter;
    let index: VectorIndex;

    beforeEach(async () => {
      adapter = await open();
      index = adapter.index;
    });

    afterEach(async () => {
      const faults = await adapter.close();
      if (faults.length > 0) throw new Error(`Not as Qdrant is described: ${faults.join('; ')}`);
    });

    it('is empty at the start and finds nothing', async () => {
      expect(await idsOf(index)).toEqual([]);
      expect(await idsOf(index, { regions: ['FR'] })).toEqual([]);
      expect(await index.count()).toBe(0);
      expect(await index.version()).toBeNull();
      await index.remove(['nobody']);
      await index.upsert([]);
    });

    it('finds points by cosine, best first and ties by id, whatever their length', async () => {
      await index.upsert([
        point('b', [0, 5]),
        point('ä/ö ?#', [0, 5], 'DE'),
        point('a', [0, 0.01]),
        point('c', [3, 4]),
        point('far', [0, -1]),
      ]);
      const hits = await index.search({ ...everything, vector: Float32Array.of(0, 2), limit: 4 });
      expect(hits.map(({ id }) => id)).toEqual(['a', 'b', 'ä/ö ?#', 'c']);
      expect(hits[0]?.similarity).toBeCloseTo(1, 5);
      expect(hits[3]?.similarity).toBeCloseTo(0.8, 5);
      expect(await index.count()).toBe(5);
    });

    it('ranks some points by id, as far as it has them and they are of the regions asked for', async () => {
      await index.upsert([
        point('a', [1, 0]),
        point('b', [1, 1]),
        point('c', [0, 1]),
        point('d', [1, 0], 'DE'),
      ]);
      expect(await idsOf(index, { ids: ['c', 'b', 'nobody', 'd', 'b'] })).toEqual(['d', 'b', 'c']);
      expect(await idsOf(index, { ids: ['c', 'b', 'd'], regions: ['FR'], limit: 1 })).toEqual(['b']);
      expect(await idsOf(index, { ids: ['c', 'd'], categories: ['none'] })).toEqual([]);
      expect(await idsOf(index, { ids: [] })).toEqual([]);
    });

    it('searches the regions and categories that are asked for and no other', async () => {
      const points = randomPoints(240, {
        regions: ['FR', 'DE', 'a region/of its own'],
        categories: ['wedding', 'venue', 'flowers'],
      });
      await index.upsert(points);
      const vector = randomVector(numbers(7), 8);
      const regions = fc.option(fc.subarray(['FR', 'DE', 'a region/of its own', 'XX']), { nil: null });
      const categories = fc.subarray(['wedding', 'venue', 'flowers', 'none']);
      await fc.assert(
        fc.asyncProperty(regions, categories, fc.integer({ min: 1, max: 300 }), async (wanted, of, limit) => {
          const allowed = points.filter(
            ({ region, category }) =>
              (wanted?.includes(region) ?? true) && (of.length === 0 || of.includes(category)),
          );
          const hits = await index.search({ vector, limit, regions: wanted, categories: of });
          expect(hits.map(({ id }) => id)).toEqual(nearestIds(allowed, vector, limit));
        }),
        { numRuns: 20 },
      );
    });

    it('replaces a point, also into another region or category, and keeps the last of an id', async () => {
      await index.upsert([point('a', [1, 0]), point('b', [1, 0.1])]);
      await index.upsert([point('a', [0, 1]), point('a', [-1, 0], 'DE', 'venue')]);
      expect(await idsOf(index)).toEqual(['b', 'a']);
      expect(await idsOf(index, { regions: ['FR'] })).toEqual(['b']);
      expect(await idsOf(index, { regions: ['DE'], categories: ['venue'] })).toEqual(['a']);
      expect(await idsOf(index, { regions: ['DE'], categories: ['wedding'] })).toEqual([]);
      expect(await index.count()).toBe(2);
    });

    it('removes points and forgives unknown ids', async () => {
      await index.upsert(randomPoints(20, { dimensions: 2 }));
      await index.remove(['p1', 'p2', 'nobody', 'p1']);
      expect(await index.count()).toBe(18);
      const found = await idsOf(index);
      expect(found).toHaveLength(18);
      expect(found).not.toContain('p1');
    });

    it('refuses what is not a point or not a search and says why', async () => {
      await index.upsert([point('a', [1, 0])]);
      const refused = (call: Promise<unknown>, message: RegExp): Promise<void> =>
        expect(call).rejects.toThrow(
          expect.objectContaining({ reason: 'INVALID', message: expect.stringMatching(message) }),
        );
      await refused(index.upsert([point('b', [1, 0, 0])]), /3 dimensions, the index has 2/);
      await refused(idsOf(index, { vector: Float32Array.of(1, 0, 0) }), /3 dimensions, the index has 2/);
      await refused(index.upsert([point('b', [0, 0])]), /point b has no direction/);
      await refused(index.upsert([point('b', [NaN, 0])]), /no direction/);
      await refused(idsOf(index, { vector: Float32Array.of(0, 0) }), /no direction/);
      await refused(index.upsert([point('x'.repeat(129), [1, 0])]), /129 characters/);
      await refused(index.upsert([point('', [1, 0])]), /0 characters/);
      await refused(index.upsert([point('b', [1, 0], '')]), /lacks a region/);
      await refused(idsOf(index, { limit: 0 }), /1 to 1000/);
      expect(await idsOf(index)).toEqual(['a']);
    });

    it('gives up a search whose signal is aborted', async () => {
      await index.upsert([point('a', [1, 0])]);
      const reason = new Error('the caller has left');
      await expect(idsOf(index, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    });

    it('builds anew and swaps: the old points are found until then, and none of them afterwards', async () => {
      await index.upsert([point('old', [1, 0])]);
      const during: string[][] = [];
      const source = async function* (): AsyncGenerator<VectorPoint[]> {
        yield [point('new-1', [1, 0])];
        during.push(await idsOf(index));
        yield [point('new-2', [0, 1], 'DE')];
        during.push(await idsOf(index));
      };
      const read: number[] = [];
      await index.replaceAll(source(), {
        version: 'v2',
        dimensions: 2,
        onProgress: ({ stage, done }) => {
          if (stage === 'READING') read.push(done);
        },
      });
      expect(during).toEqual([['old'], ['old']]);
      expect(read).toEqual([1, 2]);
      expect(await idsOf(index)).toEqual(['new-1', 'new-2']);
      expect(await index.version()).toBe('v2');
      expect(await index.count()).toBe(2);

      await index.replaceAll(inBatches([]), { version: 'v3', dimensions: 2 });
      expect(await idsOf(index)).toEqual([]);
      expect(await index.version()).toBe('v3');
    });

    it('loses nothing that is written during a rebuild, by this process or another', async () => {
      await index.upsert(randomPoints(10, { dimensions: 2 }));
      const writer = adapter.other ?? index;
      const source = async function* (): AsyncGenerator<VectorPoint[]> {
        yield [point('kept', [1, 0]), point('changed', [1, 0]), point('removed-late', [1, 0])];
        await writer.upsert([
          point('changed', [0, 1]),
          point('changed-early', [0, 1], 'DE'),
          point('added', [0, 1]),
        ]);
        await writer.remove(['removed-early', 'removed-late', 'removed-and-back']);
        await writer.upsert([point('removed-and-back', [0, 1])]);
        yield [
          point('changed-early', [1, 0], 'FR'),
          point('removed-early', [1, 0]),
          point('removed-and-back', [1, 0]),
        ];
      };
      await index.replaceAll(source(), { version: 'v2', dimensions: 2 });
      const hits = await writer.search({ ...everything, vector: Float32Array.of(0, 1) });
      expect(Object.fromEntries(hits.map(({ id, similarity }) => [id, Math.round(similarity)]))).toEqual({
        added: 1,
        changed: 1,
        'changed-early': 1,
        'removed-and-back': 1,
        kept: 0,
      });
      expect(await idsOf(writer, { regions: ['DE'] })).toEqual(['changed-early']);
      expect(await index.count()).toBe(5);
    });

    it('takes vectors of other dimensions by a rebuild, and writes of the new model meanwhile', async () => {
      await index.upsert([point('a', [1, 0])]);
      const source = async function* (): AsyncGenerator<VectorPoint[]> {
        yield [point('a', [1, 0, 0])];
        await index.upsert([point('b', [0, 1, 0])]);
        await index.upsert([point('old-model', [0, 1])]);
        await expect(index.upsert([point('c', [1])])).rejects.toThrow(/1 dimensions/);
      };
      await index.replaceAll(source(), { version: 'v2', dimensions: 3 });
      expect(await idsOf(index, { vector: Float32Array.of(0, 1, 0) })).toEqual(['b', 'a']);
      await expect(idsOf(index)).rejects.toThrow('A vector has 2 dimensions, the index has 3.');
    });

    it('keeps the old index where a rebuild fails, and can be built again', async () => {
      await index.upsert([point('old', [1, 0])]);
      const broken = async function* (): AsyncGenerator<VectorPoint[]> {
        yield await Promise.resolve([point('new', [1, 0])]);
        throw new Error('the source broke');
      };
      await expect(index.replaceAll(broken(), { version: 'v2', dimensions: 2 })).rejects.toThrow(
        'the source broke',
      );
      await expect(
        index.replaceAll(inBatches([point('new', [1, 0, 0])]), { version: 'v2', dimensions: 2 }),
      ).rejects.toThrow('A vector has 3 dimensions, the index has 2.');
      expect(await idsOf(index)).toEqual(['old']);
      expect(await index.version()).toBeNull();
      await index.replaceAll(inBatches([point('new', [1, 0])]), { version: 'v2', dimensions: 2 });
      expect(await idsOf(index)).toEqual(['new']);
    });

    it('lets one rebuild run at a time', async () => {
      const source = async function* (): AsyncGenerator<VectorPoint[]> {
        yield [point('a', [1, 0])];
        await expect(
          index.replaceAll(inBatches([]), { version: 'second', dimensions: 2 }),
        ).rejects.toMatchObject({ reason: 'BUSY' });
      };
      await index.replaceAll(source(), { version: 'first', dimensions: 2 });
      expect(await index.version()).toBe('first');
    });

    it('refuses calls once it is closed, and ends a rebuild', async () => {
      const other = await open();
      const source = async function* (): AsyncGenerator<VectorPoint[]> {
        yield [point('a', [1, 0])];
        await other.index.close();
        yield [point('b', [1, 0])];
      };
      await expect(other.index.replaceAll(source(), { version: 'v1', dimensions: 2 })).rejects.toMatchObject({
        reason: 'CLOSED',
      });
      await expect(idsOf(other.index)).rejects.toMatchObject({ reason: 'CLOSED' });
      await expect(other.index.upsert([point('a', [1, 0])])).rejects.toMatchObject({ reason: 'CLOSED' });
      await expect(other.index.count()).rejects.toMatchObject({ reason: 'CLOSED' });
    });

    it('gives the similarity that the cosine formula gives', async () => {
      const points = randomPoints(50, { dimensions: 33 });
      await index.upsert(points);
      const vector = randomVector(numbers(3), 33);
      for (const { id, similarity } of await index.search({ ...everything, vector })) {
        const found = points.find((each) => each.id === id)?.vector ?? vector;
        expect(similarity).toBeCloseTo(cosine(found, vector), 5);
      }
    });
  });
});
