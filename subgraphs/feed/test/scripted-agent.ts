import type { AgentVerdict, ScoringAgent, ScoringBatch } from '../agents/scoring-agent.ts';

/** An agent that answers as it is told. */
export function agentOf(
  name: string,
  score: (batch: ScoringBatch) => AgentVerdict | Promise<AgentVerdict>,
  own: Partial<ScoringAgent> = {},
): ScoringAgent {
  return {
    name,
    description: 'Does as it is told.',
    version: '1',
    kind: 'LOCAL',
    subject: 'USER',
    weight: 1,
    deadlineMs: 20_000,
    score,
    ...own,
  };
}

/** A verdict without a word on where it came from. */
export function verdictOf(scores: ArrayLike<number>, own: Partial<AgentVerdict> = {}): AgentVerdict {
  return { scores: Float64Array.from(scores), fallback: null, degraded: null, ...own };
}

/** The ways in which an agent can fail, by what is said of it. `late` needs a deadline of its own. */
export const failures: Readonly<
  Record<string, (batch: ScoringBatch) => AgentVerdict | Promise<AgentVerdict>>
> = {
  'throws at once': () => {
    throw new Error('connect ECONNREFUSED 10.0.0.1:5432');
  },
  rejects: () => Promise.reject(new Error('connect ECONNREFUSED 10.0.0.1:5432')),
  'gives NaN': ({ candidates }) => verdictOf(candidates.map(() => Number.NaN)),
  'gives too few': ({ candidates }) => verdictOf(candidates.slice(1).map(() => 0.5)),
  'gives more than 1': ({ candidates }) => verdictOf(candidates.map((_, index) => (index === 0 ? 1.5 : 0.5))),
  'gives less than 0': ({ candidates }) => verdictOf(candidates.map(() => -0.1)),
  'gives infinity': ({ candidates }) => verdictOf(candidates.map(() => Infinity)),
  'gives too few fallbacks': ({ candidates }) =>
    verdictOf(
      candidates.map(() => 0.5),
      { fallback: new Uint8Array(0) },
    ),
};
