import { describe, expect, it } from 'vitest';
import { candidateOf, queryOf } from '../test/candidates.ts';
import { candidate, type Candidate, type Pipeline, type Scoring, type Source } from './component.ts';
import { runPipeline } from './runner.ts';

const always = { enabled: () => true, deadlineMs: 20_000 };
const never = { enabled: () => false, deadlineMs: 20_000 };
const nothing: Pipeline = {
  queryHydrators: [],
  sources: [],
  hydrators: [],
  filters: [],
  scorers: [],
  selectors: [],
};
const scoring: Scoring = {
  mode: 'SIMPLE',
  panelVersion: null,
  parts: [],
  degraded: [],
  cacheHits: 0,
  cacheMisses: 0,
};
const sourceOf = (name: string, ...ids: string[]): Source => ({
  ...always,
  name,
  find: () => Promise.resolve(ids.map((id) => candidateOf(id))),
});
const idsOf = (candidates: readonly Candidate[]): string[] => candidates.map(({ id }) => id);
const ignore = (): void => undefined;

describe('runPipeline', () => {
  it('runs the stages in order and tells what each component did', async () => {
    const order: string[] = [];
    const pipeline: Pipeline = {
      queryHydrators: [
        {
          ...always,
          name: 'taste',
          hydrate: (query) => {
            order.push('query');
            return Promise.resolve({ ...query, size: 2 });
          },
        },
      ],
      sources: [
        {
          ...always,
          name: 'source',
          find: ({ size }) => {
            order.push(`find ${size}`);
            return Promise.resolve(['a', 'b', 'c', 'd'].map((id) => candidate(id, 'FRESH')));
          },
        },
        { ...never, name: 'idle', find: () => Promise.reject(new Error('was not to be asked')) },
      ],
      hydrators: [
        {
          ...always,
          name: 'facts',
          hydrate: (_query, candidates) => {
            order.push('hydrate');
            for (const each of candidates) each.facts = candidateOf(each.id).facts;
            return Promise.resolve();
          },
        },
      ],
      filters: [
        {
          ...always,
          name: 'not-a',
          apply: (_query, candidates) => {
            order.push('filter');
            return candidates.filter(({ id, facts }) => id !== 'a' && facts !== null);
          },
        },
        { ...never, name: 'nobody', apply: () => [] },
      ],
      scorers: [
        {
          ...always,
          name: 'by-name',
          score: (_query, candidates) => {
            order.push('score');
            for (const each of candidates) each.score = each.id === 'd' ? 1 : 0.5;
            return Promise.resolve(scoring);
          },
        },
      ],
      selectors: [
        {
          ...always,
          name: 'as-is',
          select: (_query, candidates) => {
            order.push('select');
            return candidates;
          },
        },
      ],
    };
    const { ranked, stages, degraded, scoring: scored } = await runPipeline(pipeline, queryOf(), ignore);
    expect(scored).toBe(scoring);
    expect(order).toEqual(['query', 'find 2', 'hydrate', 'filter', 'score', 'select']);
    expect(idsOf(ranked)).toEqual(['d', 'b']);
    expect(degraded).toEqual([]);
    expect(stages.map((trace) => ({ ...trace, durationMs: 0 }))).toEqual([
      { stage: 'query', component: 'taste', input: 0, output: 0, durationMs: 0, skipped: false },
      { stage: 'sources', component: 'idle', input: 0, output: 0, durationMs: 0, skipped: true },
      { stage: 'sources', component: 'source', input: 0, output: 4, durationMs: 0, skipped: false },
      { stage: 'hydrators', component: 'facts', input: 4, output: 4, durationMs: 0, skipped: false },
      { stage: 'filters', component: 'not-a', input: 4, output: 3, durationMs: 0, skipped: false },
      { stage: 'filters', component: 'nobody', input: 3, output: 3, durationMs: 0, skipped: true },
      { stage: 'scorers', component: 'by-name', input: 3, output: 3, durationMs: 0, skipped: false },
      { stage: 'selectors', component: 'as-is', input: 3, output: 3, durationMs: 0, skipped: false },
    ]);
    expect(stages.every(({ durationMs }) => durationMs >= 0)).toBe(true);
  });

  it('keeps the order of the sources, whichever answers first', async () => {
    const gate = Promise.withResolvers<Candidate[]>();
    const seen: string[][] = [];
    const pipeline: Pipeline = {
      ...nothing,
      sources: [
        { ...always, name: 'slow', find: () => gate.promise },
        {
          ...always,
          name: 'fast',
          find: () => {
            gate.resolve([candidateOf('slow-one')]);
            return Promise.resolve([candidateOf('fast-one')]);
          },
        },
      ],
      filters: [
        {
          ...always,
          name: 'look',
          apply: (_query, candidates) => {
            seen.push(idsOf(candidates));
            return candidates;
          },
        },
      ],
    };
    await runPipeline(pipeline, queryOf(), ignore);
    expect(seen).toEqual([['slow-one', 'fast-one']]);
  });

  it('orders equal scores by id', async () => {
    const { ranked } = await runPipeline(
      { ...nothing, sources: [sourceOf('source', 'c', 'a', 'b')] },
      queryOf(),
      ignore,
    );
    expect(idsOf(ranked)).toEqual(['a', 'b', 'c']);
  });

  it('leaves out what fails or is late, tells the operator why and the client only which', async () => {
    const heard: [string, unknown][] = [];
    const secret = new Error('password authentication failed for user bouquet');
    const fails = () => Promise.reject(secret);
    const pipeline: Pipeline = {
      ...nothing,
      queryHydrators: [{ ...always, name: 'taste', hydrate: fails }],
      sources: [
        { ...always, name: 'rejects', find: fails },
        {
          ...always,
          name: 'throws',
          find: () => {
            throw secret;
          },
        },
        { ...always, deadlineMs: 5, name: 'late', find: () => new Promise(ignore) },
        sourceOf('works', 'a'),
      ],
    };
    const { ranked, degraded, stages } = await runPipeline(pipeline, queryOf(), (component, error) => {
      heard.push([component, error]);
    });
    expect(idsOf(ranked)).toEqual(['a']);
    expect(degraded.toSorted((a, b) => (a.component < b.component ? -1 : 1))).toEqual([
      { component: 'late', cause: 'no answer within 5 ms' },
      { component: 'rejects', cause: 'failed' },
      { component: 'taste', cause: 'failed' },
      { component: 'throws', cause: 'failed' },
    ]);
    expect(new Map(heard)).toEqual(
      new Map([
        ['taste', secret],
        ['rejects', secret],
        ['throws', secret],
        ['late', expect.any(Error)],
      ]),
    );
    const skipped = stages.filter((trace) => trace.skipped).map(({ component }) => component);
    expect(new Set(skipped)).toEqual(new Set(['taste', 'rejects', 'throws', 'late']));
  });

  const broken = new Error('broken');
  const breaks = (): never => {
    throw broken;
  };
  it.each<[string, Partial<Pipeline>]>([
    ['hydrator', { hydrators: [{ ...always, name: 'broken', hydrate: () => Promise.reject(broken) }] }],
    ['filter', { filters: [{ ...always, name: 'broken', apply: breaks }] }],
    ['scorer', { scorers: [{ ...always, name: 'broken', score: breaks }] }],
    ['selector', { selectors: [{ ...always, name: 'broken', select: breaks }] }],
  ])('fails with a %s that fails, so that nothing slips through', async (_stage, stages) => {
    const pipeline = { ...nothing, sources: [sourceOf('source', 'a')], ...stages };
    await expect(runPipeline(pipeline, queryOf(), ignore)).rejects.toThrow(broken);
  });

  it('fails with a hydrator that is late', async () => {
    const pipeline: Pipeline = {
      ...nothing,
      sources: [sourceOf('source', 'a')],
      hydrators: [{ ...always, deadlineMs: 5, name: 'late', hydrate: () => new Promise(ignore) }],
    };
    await expect(runPipeline(pipeline, queryOf(), ignore)).rejects.toThrow(Error);
  });

  it('asks no hydrator about nothing', async () => {
    const pipeline: Pipeline = {
      ...nothing,
      hydrators: [{ ...always, name: 'facts', hydrate: () => Promise.reject(broken) }],
    };
    const { stages } = await runPipeline(pipeline, queryOf(), ignore);
    expect(stages).toMatchObject([{ component: 'facts', input: 0, skipped: true }]);
  });
});
