import { beforeEach, describe, expect, it } from 'vitest';
import { noUsage, type LanguageModel } from '#platform/llm/language-model.ts';
import type { ScoringAgent } from '../scoring-agent.ts';
import { builtInPrompt, scoringPrompt } from './prompts.ts';
import { promptAgent } from './prompt-agent.ts';
import { remoteAgent, type RemoteAgent, type RemoteParts } from './remote-agent.ts';
import { ScoreCache } from './score-cache.ts';
import { idsFrom, localAgent, silentAgent, verdictOf } from './test/local-agent.ts';
import { askedItems, localOpinion, opinion, textOf, type AskedItem } from './test/scoring-answers.ts';

let scoreOf: (item: AskedItem) => number;
let batches: number[];
beforeEach(() => {
  scoreOf = ({ title }) => opinion(title);
  batches = [];
});

/** Answers at once, by `scoreOf`. */
const model: LanguageModel = {
  version: 'small',
  complete: ({ user, schema }) =>
    Promise.resolve({
      value: schema.parse({
        scores: askedItems({ user }).map((item) => ({ id: item.id, score: scoreOf(item) })),
      }),
      usage: noUsage,
    }),
};

function parts(): RemoteParts {
  return {
    model,
    prompt: builtInPrompt('quality') ?? scoringPrompt(''),
    texts: { load: (ids) => Promise.resolve(ids.map((id) => textOf(id))) },
    cache: new ScoreCache({ ttlMs: 3_600_000, shared: null }),
    subject: 'ITEM',
    describeSegment: (segment) => segment,
    onBatch: (_agent, items) => batches.push(items),
    onFailure: () => undefined,
    patienceMs: 20_000,
  };
}

function open(leastResiduals?: number, local: ScoringAgent = localAgent()): RemoteAgent {
  return remoteAgent(local, { ...parts(), ...(leastResiduals !== undefined && { leastResiduals }) });
}

const localScores = (ids: readonly string[]): number[] => ids.map(localOpinion);
const opinions = (ids: readonly string[]): number[] => ids.map(opinion);
const ids = idsFrom('item', 25);

describe('what a remote agent believes', () => {
  it('uses no score of a model that is new to it, and says so, until it knows those of 200 items', async () => {
    const agent = open();
    const twenty = ids.slice(0, 20);
    for (let round = 0; round < 12; round++) {
      const verdict = await verdictOf(agent, twenty);
      expect([...verdict.scores]).toEqual(localScores(twenty));
      expect(verdict.fallback).toEqual(new Uint8Array(20).fill(1));
      expect(verdict.degraded).toBe('20 of 20 scored locally: too little is known of the model yet');
    }
    // Each was asked about once, and counts once.
    expect(batches).toEqual([10, 10]);
    const others = idsFrom('other', 180);
    expect([...(await verdictOf(agent, others)).scores]).toEqual(localScores(others));
    const verdict = await verdictOf(agent, twenty);
    expect([...verdict.scores]).toEqual(opinions(twenty));
    expect(verdict).toMatchObject({ fallback: null, degraded: null });
  });

  it('says nothing of items of which there is no local score, but what a known model says', async () => {
    const agent = open(25, silentAgent('quality', 'ITEM', ['mute']));
    expect([...(await verdictOf(agent, ['mute', ...ids.slice(1)])).scores]).toEqual([
      Number.NaN,
      ...localScores(ids.slice(1)),
    ]);
    // 24 residuals, as of one item there is none.
    expect([...(await verdictOf(agent, ['mute', 'last'])).scores]).toEqual([
      Number.NaN,
      localOpinion('last'),
    ]);
    expect([...(await verdictOf(agent, ['mute'])).scores]).toEqual([opinion('mute')]);
  });

  it('believes no answer that is nearly all zeros and ones, and does not ask again', async () => {
    scoreOf = ({ id, title }) => (id < 9 ? 0 : opinion(title));
    const agent = open(0);
    for (const asked of [10, 0]) {
      const verdict = await verdictOf(agent, ids.slice(0, 10));
      expect([...verdict.scores]).toEqual(localScores(ids.slice(0, 10)));
      expect(verdict).toMatchObject({ fallback: new Uint8Array(10).fill(1), degraded: null });
      expect(verdict.cache).toEqual({ hits: 10 - asked, misses: asked });
    }
    // A question of the operator's may be one of yes and no.
    const yesNo = promptAgent({ name: 'beach', prompt: 'Score 1 what is on a beach, else 0.' }, parts());
    expect([...(await verdictOf(yesNo, ids.slice(0, 6))).scores]).toEqual([0, 0, 0, 0, 0, 0]);
  });
});
