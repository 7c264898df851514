import { describe, expect, it } from 'vitest';
import { createUsearchIndex } from '#platform/vectors/usearch-index.ts';
import { cosine, randomPoints } from '#platform/vectors/test/vectors.ts';
import type { VectorIndex } from '#platform/vectors/vector-index.ts';
import type { FeedQuery } from '../pipeline/component.ts';
import { runPipeline } from '../pipeline/runner.ts';
import { candidateOf, queryOf } from '../test/candidates.ts';
import { tasteOf } from '../test/taste.ts';
import { vectorHydrator } from './vector-hydrator.ts';

const vector = Float32Array.from({ length: 8 }, (_, index) => index - 3);
const patient = { deadlineMs: 20_000 };
const asking = (overrides: Partial<FeedQuery> = {}): FeedQuery =>
  queryOf({ taste: tasteOf({ vector }), ...overrides });

/** A pipeline that finds `count` candidates, twice each, and asks `index` about them. */
const pipelineOf = (index: VectorIndex, count: number, deadlineMs = patient.deadlineMs) => ({
  queryHydrators: [],
  sources: ['one', 'another'].map((name) => ({
    name,
    deadlineMs: patient.deadlineMs,
    enabled: () => true,
    find: () => Promise.resolve(Array.from({ length: count }, (_, item) => candidateOf(`p${item}`))),
  })),
  hydrators: [vectorHydrator(index, { deadlineMs })],
  filters: [],
  scorers: [],
  selectors: [],
});

describe('vectorHydrator', () => {
  it('says how near each candidate is, of any region, over more than one search may ask for', async () => {
    const points = randomPoints(1_200);
    const index = createUsearchIndex();
    await index.upsert(points);
    const { ranked } = await runPipeline(pipelineOf(index, 1_300), asking({ size: 5_000 }), () => undefined);
    expect(ranked).toHaveLength(2_600);
    const expected = new Map(points.map((point) => [point.id, cosine(point.vector, vector)]));
    for (const { id, vectorSimilarity } of ranked) {
      expect(vectorSimilarity).toBeCloseTo(expected.get(id) ?? 0, 2);
    }
    await index.close();
  });

  it('is left out of a feed and named where the index fails or is late', async () => {
    const failing: VectorIndex = {
      ...createUsearchIndex(),
      search: () => Promise.reject(new Error('connect ECONNREFUSED')),
    };
    const late: VectorIndex = { ...failing, search: () => new Promise(() => undefined) };
    const heard: string[] = [];
    for (const [index, deadlineMs, cause] of [
      [failing, 20_000, 'failed'],
      [late, 5, 'no answer within 5 ms'],
    ] as const) {
      const pipeline = pipelineOf(index, 3, deadlineMs);
      const result = await runPipeline(pipeline, asking(), (component) => heard.push(component));
      expect(result.degraded).toEqual([{ component: 'vector-hydrator', cause }]);
      expect(result.ranked).toHaveLength(6);
      expect(result.ranked.every(({ vectorSimilarity }) => vectorSimilarity === 0)).toBe(true);
    }
    expect(heard).toEqual(['vector-hydrator', 'vector-hydrator']);
  });

  it('is for somebody who lies somewhere', () => {
    const hydrator = vectorHydrator(createUsearchIndex(), patient);
    expect(
      [queryOf(), queryOf({ taste: tasteOf() }), asking()].map((query) => hydrator.enabled(query)),
    ).toEqual([false, false, true]);
  });
});
