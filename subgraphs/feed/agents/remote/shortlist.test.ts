import { describe, expect, it } from 'vitest';
import { candidateOf, queryOf } from '../../test/candidates.ts';
import type { ScoringAgent, ScoringBatch } from '../scoring-agent.ts';
import { Shortlist } from './shortlist.ts';
import { localAgent } from './test/local-agent.ts';

const agentOf = (weight: number, scores: readonly number[], asked: unknown[] = []): ScoringAgent => ({
  ...localAgent(),
  weight,
  score: (batch) => {
    asked.push(batch);
    return { scores: Float64Array.from(scores), fallback: null, degraded: null };
  },
});

const batch: ScoringBatch = {
  query: queryOf(),
  candidates: ['a', 'b', 'c', 'd'].map((id) => candidateOf(id)),
  signal: new AbortController().signal,
};

describe('Shortlist', () => {
  it('has the best by the weighted scores of all, and is made once', async () => {
    const asked: unknown[] = [];
    const list = new Shortlist(2);
    list.add(agentOf(1, [0.9, 0, 0.5, 0.4], asked));
    list.add(agentOf(3, [0, 0.1, Number.NaN, 0.3], asked));
    const made = await Promise.all([list.of(batch), list.of(batch)]);
    expect(made.map((chosen) => [...chosen])).toEqual([
      [1, 0, 0, 1],
      [1, 0, 0, 1],
    ]);
    expect(asked).toHaveLength(2);
  });

  it('goes without an agent that fails', async () => {
    const list = new Shortlist(1);
    list.add({ ...localAgent(), score: () => Promise.reject(new Error('no model')) });
    list.add(agentOf(1, [0, 0, 1, 0]));
    expect([...(await list.of(batch))]).toEqual([0, 0, 1, 0]);
  });

  it('has everything where that is little', async () => {
    expect([...(await new Shortlist(4).of(batch))]).toEqual([1, 1, 1, 1]);
  });
});
