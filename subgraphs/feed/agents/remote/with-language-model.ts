import { withBatchDeadline, type BatchCache } from '#platform/cache/batch-cache.ts';
import type { Database } from '#platform/database/database.ts';
import type { EveryConsumer } from '#platform/events/every-consumer.ts';
import type { LanguageModel } from '#platform/llm/language-model.ts';
import type { Logger } from '#platform/logging/logger.ts';
import type { LanguageModelMetrics } from '#platform/telemetry/language-model-metrics.ts';
import type { ScoringAgent } from '../scoring-agent.ts';
import { ItemTexts } from './item-texts.ts';
import { promptAgent } from './prompt-agent.ts';
import { builtInPrompt } from './prompts.ts';
import { remoteAgent, type RemoteAgent, type RemoteParts } from './remote-agent.ts';
import { ScoreCache } from './score-cache.ts';
import { Shortlist } from './shortlist.ts';

/** A language model, and for which agents it is to score. */
export interface LanguageModelUse {
  readonly model: LanguageModel;
  /** Names of agents; of one that no prompt is known for, nothing comes. */
  readonly agents: readonly string[];
  /** What the custom agent asks of the model; null: that agent is another's work. */
  readonly customPrompt: string | null;
  /** Where processes share scores; null: each has its own. */
  readonly scores: BatchCache<number> | null;
  /** How long a feed waits for the model, in ms; 240 unless said otherwise. */
  readonly patienceMs?: number;
  /** Items by which a model is known well enough to be believed; 200 unless said otherwise. */
  readonly leastResiduals?: number;
}

export interface LanguageModelParts extends LanguageModelUse {
  readonly database: Database;
  readonly logger: Logger;
  readonly metrics: LanguageModelMetrics;
  /** What the prompts say of the users of a segment. */
  readonly describeSegment: (segment: string) => string;
}

const hourMs = 3_600_000;
/** Design, chapter 4: the craft of an item lasts longer than what people think of it. */
const scoreLifeMs = { quality: 24 * hourMs, others: hourMs };

/** What a language model does for the panel of one process. */
export interface ModelledAgents {
  /** `agent` with the model in its place where it is one of those that the model scores for, else `agent`. */
  wrap(agent: ScoringAgent): ScoringAgent;
  /** Forgets what it knew of items whose texts change. */
  readonly consumer: EveryConsumer;
  /** Ends the calls that are on their way. */
  stop(): void;
}

/** Puts the language model of `parts` to work for agents, with texts from the catalogue's projection. */
export function withLanguageModel(parts: LanguageModelParts): ModelledAgents {
  const { database, logger, metrics, model, customPrompt, describeSegment } = parts;
  const texts = new ItemTexts(database);
  const ending = new AbortController();
  const remote: RemoteAgent[] = [];
  const shortlist = new Shortlist();
  const shared =
    parts.scores === null
      ? null
      : withBatchDeadline(parts.scores, (error) => logger.warn({ err: error }, 'a cache call failed'));
  const common: Omit<RemoteParts, 'prompt' | 'subject' | 'cache'> = {
    model,
    texts,
    shortlist: (batch) => shortlist.of(batch),
    describeSegment,
    signal: ending.signal,
    ...(parts.patienceMs === undefined ? {} : { patienceMs: parts.patienceMs }),
    ...(parts.leastResiduals === undefined ? {} : { leastResiduals: parts.leastResiduals }),
    onBatch: (agent, items) => metrics.countBatch(agent, items),
    onFailure: (agent, error) => logger.warn({ err: error, agent }, 'the language model gave no scores'),
  };
  const cacheOf = (name: string): ScoreCache =>
    new ScoreCache({ shared, ttlMs: name === 'quality' ? scoreLifeMs.quality : scoreLifeMs.others });
  const made = (agent: ScoringAgent): RemoteAgent | null => {
    const { name } = agent;
    const prompt = parts.agents.includes(name) ? builtInPrompt(name) : null;
    const own = { ...common, cache: cacheOf(name) };
    if (name === 'custom' && customPrompt !== null) {
      return promptAgent({ name, prompt: customPrompt, weight: agent.weight }, own);
    }
    if (prompt === null) return null;
    return remoteAgent(agent, { ...own, prompt, subject: agent.subject === 'ITEM' ? 'ITEM' : 'SEGMENT' });
  };
  return {
    wrap: (agent) => {
      if (agent.kind === 'LOCAL') shortlist.add(agent);
      const modelled = made(agent);
      if (modelled === null) return agent;
      remote.push(modelled);
      return modelled;
    },
    consumer: {
      name: 'feed.item-texts',
      types: ['content.changed', 'content.removed'],
      handle: async (events) => {
        const ids: string[] = [];
        for (const event of events) {
          if (event.type === 'content.changed') {
            texts.learn(event.payload.contents);
            ids.push(...event.payload.contents.map(({ id }) => id));
          }
          if (event.type === 'content.removed') {
            texts.remove(event.payload.contentIds);
            ids.push(...event.payload.contentIds);
          }
        }
        for (const agent of remote) await agent.forget(ids);
      },
      // Scores of everybody go on for a day at most.
      onGap: () => texts.forgetAll(),
    },
    stop: () => ending.abort(),
  };
}
