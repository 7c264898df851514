import type { FeedQuery } from '../../../pipeline/component.ts';
import { candidateOf, queryOf } from '../../../test/candidates.ts';
import type { AgentSubject, AgentVerdict, ScoringAgent } from '../../scoring-agent.ts';
import { localOpinion } from './scoring-answers.ts';

/** An agent that scores by the id alone. */
export function localAgent(name = 'quality', subject: AgentSubject = 'ITEM'): ScoringAgent {
  return {
    name,
    description: 'Scores by the id.',
    version: '1',
    kind: 'LOCAL',
    subject,
    weight: 1,
    deadlineMs: 20,
    score: ({ candidates }) => ({
      scores: Float64Array.from(candidates, ({ id }) => localOpinion(id)),
      fallback: null,
      degraded: null,
    }),
  };
}

/** The same, which has nothing to say of items with these ids, or of any. */
export function silentAgent(name: string, subject: AgentSubject, ids?: readonly string[]): ScoringAgent {
  return {
    ...localAgent(name, subject),
    score: ({ candidates }) => ({
      scores: Float64Array.from(candidates, ({ id }) =>
        ids === undefined || ids.includes(id) ? Number.NaN : localOpinion(id),
      ),
      fallback: null,
      degraded: null,
    }),
  };
}

/** What `agent` says of items with these ids. */
export async function verdictOf(
  agent: ScoringAgent,
  ids: readonly string[],
  {
    query = queryOf(),
    signal = new AbortController().signal,
  }: { query?: FeedQuery; signal?: AbortSignal } = {},
): Promise<AgentVerdict> {
  return agent.score({ query, candidates: ids.map((id) => candidateOf(id)), signal });
}

/** `count` ids. */
export function idsFrom(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}-${index}`);
}
