import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { openAiLanguageModel, type OpenAiLanguageModelOptions } from '#platform/llm/openai-language-model.ts';
import {
  startLanguageModelService,
  type Behaviour,
  type ChatRequest,
  type LanguageModelService,
} from '#platform/llm/test/language-model-service.ts';
import { queryOf } from '../../test/candidates.ts';
import type { ScoringAgent } from '../scoring-agent.ts';
import { builtInPrompt, scoringPrompt } from './prompts.ts';
import { promptAgent } from './prompt-agent.ts';
import { remoteAgent, type RemoteAgent, type RemoteParts } from './remote-agent.ts';
import { ScoreCache } from './score-cache.ts';
import { idsFrom, localAgent, silentAgent, verdictOf } from './test/local-agent.ts';
import { askedItems, localOpinion, opinion, textOf, wellScored } from './test/scoring-answers.ts';

let service: LanguageModelService;
let respond: (request: ChatRequest) => unknown;
let batches: number[];
let failures: unknown[];

type Overrides = Partial<RemoteParts> & { model?: never; options?: Partial<OpenAiLanguageModelOptions> };

function parts({ options = {}, ...overrides }: Overrides = {}): RemoteParts {
  return {
    model: openAiLanguageModel({ baseUrl: service.baseUrl, model: 'small', retryWaitMs: 1, ...options }),
    prompt: builtInPrompt('quality') ?? scoringPrompt(''),
    texts: { load: (ids) => Promise.resolve(ids.map((id) => textOf(id))) },
    cache: new ScoreCache({ ttlMs: 3_600_000, shared: null }),
    subject: 'ITEM',
    describeSegment: (segment) => `readers of ${segment}`,
    onBatch: (_agent, items) => batches.push(items),
    onFailure: (_agent, error) => failures.push(error),
    // Long, so that no busy machine is taken for a slow model.
    patienceMs: 20_000,
    // Most suites have few items, and ask what becomes of a model's scores.
    leastResiduals: 0,
    ...overrides,
  };
}

function open(overrides: Overrides = {}, local: ScoringAgent = localAgent()): RemoteAgent {
  return remoteAgent(local, parts(overrides));
}

/** What the local agent says, rounded as an array. */
const localScores = (ids: readonly string[]): number[] => ids.map(localOpinion);
const opinions = (ids: readonly string[]): number[] => ids.map(opinion);
const ids = idsFrom('item', 25);

beforeAll(async () => {
  service = await startLanguageModelService((request) => respond(request));
});
afterAll(() => service.close());
beforeEach(() => {
  service.behave({ kind: 'well' });
  respond = wellScored;
  batches = [];
  failures = [];
});

describe('remoteAgent', () => {
  it('has the model score ten items a call, and asks once for each', async () => {
    const agent = open();
    const verdict = await verdictOf(agent, ids);
    expect([...verdict.scores]).toEqual(opinions(ids));
    expect(verdict).toMatchObject({ fallback: null, degraded: null, cache: { hits: 0, misses: 25 } });
    expect(batches.toSorted((a, b) => a - b)).toEqual([5, 10, 10]);
    expect(await verdictOf(agent, ids)).toEqual({ ...verdict, cache: { hits: 25, misses: 0 } });
    expect(batches).toHaveLength(3);
  });

  it('is what its local agent is, but for kind and version', () => {
    const agent = open();
    expect(agent).toMatchObject({ name: 'quality', kind: 'LLM', subject: 'ITEM', weight: 1 });
    expect(agent.breaker?.()).toBe('CLOSED');
    const other = remoteAgent(localAgent(), { ...parts(), prompt: scoringPrompt('Score the colours.') });
    expect(new Set([agent.version, other.version, localAgent().version]).size).toBe(3);
  });

  it('asks about the short list alone, and takes what is known of the rest', async () => {
    const agent = open({
      shortlist: ({ candidates }) =>
        Promise.resolve(Uint8Array.from(candidates, ({ id }) => (id < 'c' ? 1 : 0))),
    });
    const verdict = await verdictOf(agent, ['a', 'b', 'c']);
    expect([...verdict.scores]).toEqual([opinion('a'), opinion('b'), localOpinion('c')]);
    expect(verdict).toMatchObject({ fallback: new Uint8Array([0, 0, 1]), degraded: null });
    expect(batches).toEqual([2]);
  });

  it('shares calls among requests, for the items of which several are in flight', async () => {
    const agent = open();
    const asked = [ids.slice(0, 8), ids.slice(4, 12), ids.slice(8, 16), ids.slice(0, 16)];
    const verdicts = await Promise.all(asked.map((each) => verdictOf(agent, each)));
    expect(verdicts.map(({ scores }) => [...scores])).toEqual(asked.map(opinions));
    expect(batches.toSorted((a, b) => a - b)).toEqual([6, 10]);
  });

  it('keeps the scores of user segments apart, and tells the model for whom they are', async () => {
    const agent = open({ subject: 'SEGMENT' }, silentAgent('discovery', 'USER'));
    respond = (request) => ({
      scores: askedItems(request).map(({ id, readers }) => ({
        id,
        score: readers === 'readers of AT:7' ? 1 : 0,
      })),
    });
    const [one, other] = await Promise.all(
      ['AT:7', 'DE:3'].map((segment) => verdictOf(agent, ['a', 'b'], { query: queryOf({ segment }) })),
    );
    expect([one?.scores, other?.scores].map((scores) => [...(scores ?? [])])).toEqual([
      [1, 1],
      [0, 0],
    ]);
    expect(batches).toEqual([4]);
    // Another user of the segment pays nothing.
    await verdictOf(agent, ['b', 'a'], { query: queryOf({ segment: 'AT:7', subject: 'user-9' }) });
    expect(batches).toEqual([4]);
  });

  it('asks anew where something else is said of the same segment', async () => {
    let liked = 'barns';
    const describeSegment = (segment: string): string => `readers of ${segment} who like ${liked}`;
    const agent = open({ subject: 'SEGMENT', describeSegment });
    await verdictOf(agent, ['a', 'b']);
    liked = 'beaches';
    expect((await verdictOf(agent, ['a', 'b'])).cache).toEqual({ hits: 0, misses: 2 });
    expect(service.requests.map(askedItems).map(([item]) => item?.readers)).toEqual([
      'readers of *:new who like barns',
      'readers of *:new who like beaches',
    ]);
    liked = 'barns';
    expect((await verdictOf(agent, ['a', 'b'])).cache).toEqual({ hits: 2, misses: 0 });
  });

  it.each<[string, Behaviour, string, number]>([
    ['answers 500', { kind: 'status', status: 500 }, 'no usable answer', 2],
    ['answers 429', { kind: 'status', status: 429, retryAfter: '0' }, 'no usable answer', 2],
    ['refuses the key', { kind: 'status', status: 401 }, 'no usable answer', 1],
    ['is cut', { kind: 'cut' }, 'no usable answer', 2],
    ['writes without end', { kind: 'flood' }, 'no usable answer', 1],
    ['writes prose', { kind: 'prose' }, 'no usable answer', 1],
    ['never answers', { kind: 'never' }, 'no answer in time', 1],
    ['never ends its answer', { kind: 'unending' }, 'no answer in time', 1],
  ])(
    'takes the local scores of a batch where the model %s, and says so',
    async (_name, behaviour, cause, calls) => {
      service.behave(behaviour);
      const verdict = await verdictOf(open({ options: { deadlineMs: 150 } }), ids.slice(0, 10));
      expect([...verdict.scores]).toEqual(localScores(ids.slice(0, 10)));
      expect(verdict.fallback).toEqual(new Uint8Array(10).fill(1));
      expect(verdict.degraded).toBe(`10 of 10 scored locally: ${cause}`);
      expect(service.requests).toHaveLength(calls);
      expect(failures).toHaveLength(1);
    },
  );

  it('falls back for the batch that failed alone', async () => {
    service.behave({ kind: 'status', status: 400 }, { kind: 'well' });
    const verdict = await verdictOf(open(), ids.slice(0, 20));
    const fallen = ids.slice(0, 20).filter((_, place) => verdict.fallback?.[place] === 1);
    expect(fallen).toHaveLength(10);
    expect([...verdict.scores]).toEqual(
      ids.slice(0, 20).map((id) => (fallen.includes(id) ? localOpinion(id) : opinion(id))),
    );
    expect(verdict.degraded).toBe('10 of 20 scored locally: no usable answer');
  });

  it('ignores ids of nothing, falls back for missing ones, and clamps', async () => {
    respond = () => ({
      scores: [
        { id: 1, score: 7 },
        { id: 2, score: -3 },
        { id: 99, score: 1 },
        { id: 2.5, score: 1 },
        { id: 4, score: 0.25 },
        { id: 5, score: 0.1 },
        { id: 5, score: 0.9 },
      ],
    });
    const asked = ids.slice(0, 5);
    const verdict = await verdictOf(open(), asked);
    expect([...verdict.scores]).toEqual([1, 0, localOpinion('item-2'), 0.25, localOpinion('item-4')]);
    expect([...(verdict.fallback ?? [])]).toEqual([0, 0, 1, 0, 1]);
    expect(verdict.degraded).toBe('2 of 5 scored locally: not in the answer');
  });

  it('goes on without a model that is late, whose answer is there for the next request', async () => {
    service.behave({ kind: 'late', delayMs: 60 });
    const agent = open();
    const controller = new AbortController();
    const late = verdictOf(agent, ids.slice(0, 10), { signal: controller.signal });
    await vi.waitFor(() => expect(service.requests).toHaveLength(1));
    controller.abort();
    const verdict = await late;
    expect([...verdict.scores]).toEqual(localScores(ids.slice(0, 10)));
    expect(verdict.degraded).toBe('10 of 10 scored locally: no answer in time');
    // The same call, waited for to its end.
    expect([...(await verdictOf(agent, ids.slice(0, 10))).scores]).toEqual(opinions(ids.slice(0, 10)));
    expect(service.requests).toHaveLength(1);
  });

  it('waits no longer than its patience', async () => {
    service.behave({ kind: 'never' });
    const ending = new AbortController();
    const verdict = await verdictOf(open({ patienceMs: 30, signal: ending.signal }), ids.slice(0, 3));
    expect(verdict.degraded).toBe('3 of 3 scored locally: no answer in time');
    await vi.waitFor(() => expect(service.requests).toHaveLength(1));
    ending.abort();
    await vi.waitFor(() => expect(service.abandoned()).toBe(1));
  });

  it('stops asking a model that fails, and answers from cache and locally', async () => {
    const agent = open({ halfOpenMs: 600_000 });
    const known = ids.slice(0, 10);
    await verdictOf(agent, known);
    service.behave({ kind: 'prose' });
    await verdictOf(agent, idsFrom('other', 300));
    expect(agent.breaker?.()).toBe('OPEN');
    const asked = service.requests.length;
    const verdict = await verdictOf(agent, [...known, 'new']);
    expect([...verdict.scores].slice(0, 10)).toEqual(opinions(known));
    // Moved by the median residual, of which none is above 0.06.
    expect(Math.abs((verdict.scores[10] ?? 0) - localOpinion('new'))).toBeLessThan(0.06);
    expect([...(verdict.fallback ?? [])]).toEqual([...known.map(() => 0), 1]);
    expect(verdict.degraded).toBe('1 of 11 scored locally: breaker open');
    expect(service.requests).toHaveLength(asked);
  });

  it('asks a model that has failed again after a while', async () => {
    const agent = open({ halfOpenMs: 1 });
    service.behave({ kind: 'prose' });
    await verdictOf(agent, idsFrom('other', 300));
    expect(agent.breaker?.()).not.toBe('CLOSED');
    service.behave({ kind: 'well' });
    await vi.waitFor(async () => {
      expect([...(await verdictOf(agent, ['new'])).scores]).toEqual([opinion('new')]);
    });
    expect(agent.breaker?.()).toBe('CLOSED');
  });

  it('asks nothing about an item without a text, and outlives a catalogue that cannot be read', async () => {
    const gone = open({ texts: { load: (asked) => Promise.resolve(asked.map(() => null)) } });
    expect((await verdictOf(gone, ['a'])).degraded).toBe('1 of 1 scored locally: no text');
    const broken = open({ texts: { load: () => Promise.reject(new Error('no connection')) } });
    const verdict = await verdictOf(broken, ['a']);
    expect([...verdict.scores]).toEqual(localScores(['a']));
    expect(verdict.degraded).toBe('1 of 1 scored locally: no usable answer');
    expect(service.requests).toHaveLength(0);
    expect(failures).toEqual([new Error('no connection')]);
  });

  it('forgets what changed, where the score holds for everybody', async () => {
    const agent = open();
    await verdictOf(agent, ['a', 'b']);
    const anew = (title: string): number => opinion(title) + 0.01;
    respond = (request) => ({
      scores: askedItems(request).map(({ id, title }) => ({ id, score: anew(title) })),
    });
    await agent.forget(['a']);
    expect([...(await verdictOf(agent, ['a', 'b'])).scores]).toEqual([anew('a'), opinion('b')]);
    // What was in flight when it changed is not kept.
    service.behave({ kind: 'late', delayMs: 50 });
    const before = verdictOf(agent, ['c']);
    await vi.waitFor(() => expect(service.requests).toHaveLength(1));
    await agent.forget(['c']);
    expect((await before).cache).toEqual({ hits: 0, misses: 1 });
    expect((await verdictOf(agent, ['c'])).cache).toEqual({ hits: 0, misses: 1 });
  });
});

describe('promptAgent', () => {
  it('scores by its prompt, and has nothing to say without the model', async () => {
    const agent = promptAgent({ name: 'beach', prompt: 'Score how well it suits a beach.' }, parts());
    expect(agent).toMatchObject({ kind: 'CUSTOM', subject: 'ITEM', weight: 1 });
    expect([...(await verdictOf(agent, ids)).scores]).toEqual(opinions(ids));
    expect(service.requests[0]).toMatchObject({ name: 'beach' });
    expect(service.requests[0]?.system).toContain('Your task: Score how well it suits a beach.');
    service.behave({ kind: 'prose' });
    expect([...(await verdictOf(agent, ['other'])).scores]).toEqual([Number.NaN]);
  });
});
