import type { AgentAnswer, ConvenedPanel } from '../agents/convened-panel.ts';
import type { FeatureSource } from '../agents/ranking-features.ts';
import type { AgentVerdict } from '../agents/scoring-agent.ts';
import { at } from '../learning/typed-array.ts';
import {
  unsaid,
  type Degradation,
  type Scorer,
  type Scoring,
  type ScorePart,
} from '../pipeline/component.ts';
import { reasonFinder } from '../reasons/reason-finder.ts';

export interface PanelScorerOptions {
  readonly featuresOf: FeatureSource;
  /** Scores where no agent answers. */
  readonly standIn: Scorer;
}

/**
 * score = Σ weight · score of the agent / Σ weight, over the agents that had something to say of the item. An agent that
 * fails, is late or gives what no mean can be made of is left out and named; where none is left, `standIn` scores.
 */
export function panelScorer(panel: ConvenedPanel, { featuresOf, standIn }: PanelScorerOptions): Scorer {
  return {
    name: 'panel-scorer',
    enabled: () => true,
    score: async (query, candidates) => {
      // Before the agents, so that none of them is charged with what all of them read.
      const features = candidates.length === 0 ? null : featuresOf(query, candidates);
      if (features === null) return standIn.score(query, candidates);
      const answers = await panel.ask(query, candidates);
      const heard = answers.flatMap(({ agent, latencyMs, verdict }) =>
        verdict === null ? [] : [{ part: { name: agent.name, weight: agent.weight, latencyMs }, verdict }],
      );
      const degraded = answers.flatMap((answer) => degradationOf(answer));
      if (heard.length === 0) {
        return { ...(await standIn.score(query, candidates)), degraded };
      }
      const parts = heard.map(({ part }) => part);
      const verdicts = heard.map(({ verdict }) => verdict);
      const reasonOf = reasonFinder(query, features, parts);
      for (const [index, candidate] of candidates.entries()) {
        const values = verdicts.map(({ scores }) => valueAt(scores, index));
        candidate.score = meanOf(parts, values);
        const reason = reasonOf(candidate, index, values);
        candidate.explanation = { values, fallbacks: fallbacksAt(verdicts, index), reason };
      }
      return { mode: 'MULTI_AGENT', panelVersion: panel.version, parts, degraded, ...cacheReads(verdicts) };
    },
  };
}

/** An agent that is absent, or that a stand-in answered for. */
function degradationOf({ agent, ...answer }: AgentAnswer): Degradation[] {
  const cause = answer.verdict === null ? answer.cause : answer.verdict.degraded;
  return cause === null ? [] : [{ component: agent.name, cause }];
}

function valueAt(scores: Float64Array, index: number): number {
  const score = at(scores, index);
  return Number.isNaN(score) ? unsaid : Math.min(1, score);
}

/** The weighted mean of what was said; 0 where nothing was. */
function meanOf(parts: readonly ScorePart[], values: readonly number[]): number {
  let sum = 0;
  let weightSum = 0;
  for (const [index, { weight }] of parts.entries()) {
    const value = values[index] ?? unsaid;
    if (value === unsaid) continue;
    sum += weight * value;
    weightSum += weight;
  }
  return weightSum === 0 ? 0 : sum / weightSum;
}

function fallbacksAt(verdicts: readonly AgentVerdict[], index: number): number {
  let bits = 0;
  for (const [part, { fallback }] of verdicts.entries()) if (fallback?.[index] === 1) bits |= 1 << part;
  return bits;
}

function cacheReads(verdicts: readonly AgentVerdict[]): Pick<Scoring, 'cacheHits' | 'cacheMisses'> {
  let [cacheHits, cacheMisses] = [0, 0];
  for (const { cache } of verdicts) {
    cacheHits += cache?.hits ?? 0;
    cacheMisses += cache?.misses ?? 0;
  }
  return { cacheHits, cacheMisses };
}
