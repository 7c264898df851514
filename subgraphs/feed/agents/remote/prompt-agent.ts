import type { ScoringAgent } from '../scoring-agent.ts';
import { scoringPrompt } from './prompts.ts';
import { remoteAgent, type RemoteAgent, type RemoteParts } from './remote-agent.ts';

/** An agent of the operator's, by what it asks of the language model. */
export interface PromptAgentDefinition {
  /** A slug of its own. */
  readonly name: string;
  /** Completes "Your task: …", as `Score how well an entry suits a wedding on a beach.` */
  readonly prompt: string;
  readonly description?: string;
  /** 1 unless said otherwise. */
  readonly weight?: number;
  /** Whether its scores hold for everybody, which is what they do unless said otherwise, or for a user segment. */
  readonly subject?: 'ITEM' | 'SEGMENT';
}

/**
 * An agent that scores by a prompt. Without the model it has nothing to say, as nothing local stands behind it; nor is there
 * anything to judge the model by, which is therefore believed from its first answer on. What vendors can gain by it is bounded
 * by its weight alone.
 */
export function promptAgent(
  { name, prompt, description = prompt, weight = 1, subject = 'ITEM' }: PromptAgentDefinition,
  parts: Omit<RemoteParts, 'prompt' | 'subject' | 'leastResiduals'>,
): RemoteAgent {
  const silent: ScoringAgent = {
    name,
    description,
    version: '1',
    kind: 'CUSTOM',
    subject,
    weight,
    deadlineMs: 0,
    score: ({ candidates }) => ({
      scores: new Float64Array(candidates.length).fill(Number.NaN),
      fallback: null,
      degraded: null,
    }),
  };
  return remoteAgent(silent, { ...parts, prompt: scoringPrompt(prompt), subject, leastResiduals: 0 });
}
