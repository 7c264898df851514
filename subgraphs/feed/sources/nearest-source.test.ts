import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createUsearchIndex } from '#platform/vectors/usearch-index.ts';
import { nearestIds, randomPoints } from '#platform/vectors/test/vectors.ts';
import type { VectorIndex, VectorQuery } from '#platform/vectors/vector-index.ts';
import type { FeedQuery } from '../pipeline/component.ts';
import { queryOf } from '../test/candidates.ts';
import { tasteOf } from '../test/taste.ts';
import { nearestSource } from './nearest-source.ts';

const vector = Float32Array.from({ length: 8 }, (_, index) => index - 3);
const points = randomPoints(200, { categories: ['florals', 'venues'] });
const options = { limit: 10, deadlineMs: 20_000 };
const asking = (overrides: Partial<FeedQuery> = {}): FeedQuery =>
  queryOf({ taste: tasteOf({ vector }), ...overrides });

describe('nearestSource', () => {
  let index: VectorIndex;
  const asked: VectorQuery[] = [];
  beforeAll(async () => {
    index = createUsearchIndex();
    await index.upsert(points);
  });
  afterAll(() => index.close());

  const find = async (query: FeedQuery): Promise<string[]> => {
    const overheard: VectorIndex = {
      ...index,
      search: (search) => {
        asked.push(search);
        return index.search(search);
      },
    };
    const found = await nearestSource(overheard, options).find(query);
    expect(found.every(({ source }) => source === 'NEAREST')).toBe(true);
    return found.map(({ id }) => id);
  };
  const nearest = (limit: number, wanted: { region?: string; category?: string } = {}): string[] =>
    nearestIds(
      points.filter(
        ({ region, category }) =>
          region === (wanted.region ?? region) && category === (wanted.category ?? category),
      ),
      vector,
      limit,
    );

  it('finds what is nearest to the user, the nearest first', async () => {
    expect(await find(asking())).toEqual(nearest(10));
  });

  it('keeps to the regions and the categories that are asked for', async () => {
    expect(await find(asking({ regions: ['DE'] }))).toEqual(nearest(10, { region: 'DE' }));
    expect(await find(asking({ regions: [] }))).toEqual([]);
    expect(await find(asking({ regions: ['ZZ'] }))).toEqual([]);
    const filter = { ...queryOf().filter, categories: ['venues'] };
    expect(await find(asking({ regions: ['FR'], filter }))).toEqual(
      nearest(10, { region: 'FR', category: 'venues' }),
    );
  });

  it('looks beyond what was chosen and what was served, which lie nearest and may not be shown', async () => {
    const positives = nearest(15);
    const served = new Set(nearest(20).slice(15));
    const found = await find(asking({ taste: tasteOf({ vector, positives }), served }));
    expect(found).toEqual(nearest(30));
    expect(found.filter((id) => !positives.includes(id) && !served.has(id))).toHaveLength(10);
  });

  it('asks for no more than a search gives', async () => {
    asked.length = 0;
    const served = new Set(Array.from({ length: 2_000 }, (_, item) => `served-${item}`));
    expect(await find(asking({ served }))).toHaveLength(200);
    expect(asked.map(({ limit }) => limit)).toEqual([1_000]);
  });

  it('is for somebody who lies somewhere', async () => {
    const source = nearestSource(index, options);
    expect(
      [queryOf(), queryOf({ taste: tasteOf() }), asking()].map((query) => source.enabled(query)),
    ).toEqual([false, false, true]);
    expect(await source.find(queryOf())).toEqual([]);
  });
});
