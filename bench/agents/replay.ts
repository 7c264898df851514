import { setTimeout as sleep } from 'node:timers/promises';
import type { LanguageModel, TokenUsage } from '#platform/llm/language-model.ts';
import { ItemTexts } from '../../subgraphs/feed/agents/remote/item-texts.ts';
import { builtInPrompt } from '../../subgraphs/feed/agents/remote/prompts.ts';
import { remoteAgent } from '../../subgraphs/feed/agents/remote/remote-agent.ts';
import { ScoreCache } from '../../subgraphs/feed/agents/remote/score-cache.ts';
import { Shortlist } from '../../subgraphs/feed/agents/remote/shortlist.ts';
import { subjectKey, type ScoringAgent } from '../../subgraphs/feed/agents/scoring-agent.ts';
import type { RecordedTraffic } from './recorded-traffic.ts';

/** What a way of asking has cost. */
export interface Cost {
  calls: number;
  inputTokens: number;
  outputTokens: number;
  usd: number;
}

/** A language model that counts what it costs. */
export interface CountedModel {
  readonly model: LanguageModel;
  readonly cost: Cost;
}

/** Feeds at a time where it is not said that all come at once. */
const concurrency = 8;
const patient = 600_000;

/** Adds a call to `cost`. */
export function addCall(cost: Cost, { inputTokens, outputTokens, usd }: TokenUsage): void {
  cost.calls++;
  cost.inputTokens += inputTokens;
  cost.outputTokens += outputTokens;
  cost.usd += usd;
}

/** The model's agents on the recorded traffic; without `caching` a score is forgotten at once. */
export function modelledAgents(
  { database, locals }: RecordedTraffic,
  { model, caching, patienceMs = patient }: { model: LanguageModel; caching: boolean; patienceMs?: number },
): ScoringAgent[] {
  const texts = new ItemTexts(database);
  const shortlist = new Shortlist();
  return locals.flatMap((local) => {
    const prompt = builtInPrompt(local.name);
    if (prompt === null) return [];
    shortlist.add(local);
    return [
      remoteAgent(local, {
        model,
        prompt,
        texts,
        cache: new ScoreCache({ ttlMs: caching ? 3_600_000 : 0, shared: null }),
        subject: local.subject === 'ITEM' ? 'ITEM' : 'SEGMENT',
        shortlist: (batch) => shortlist.of(batch),
        describeSegment: (segment) => `readers of segment ${segment}`,
        onBatch: () => undefined,
        onFailure: () => undefined,
        patienceMs,
      }),
    ];
  });
}

/** Has `agents` score all feeds of the traffic, some at a time or all at once. Returns the share of scores that are the model's. */
export async function replay(
  agents: readonly ScoringAgent[],
  { batches }: RecordedTraffic,
  atATime = concurrency,
): Promise<number> {
  let [scored, all] = [0, 0];
  const left = batches.values();
  const feed = async (): Promise<void> => {
    for (const batch of left) {
      const { signal } = new AbortController();
      for (const verdict of await Promise.all(
        agents.map(async (agent) => agent.score({ ...batch, signal })),
      )) {
        const local = verdict.fallback?.reduce((sum, each) => sum + each, 0) ?? 0;
        scored += batch.candidates.length - local;
        all += batch.candidates.length;
      }
    }
  };
  await Promise.all(Array.from({ length: atATime }, feed));
  return scored / all;
}

/** Waits until `cost` has not grown for a second. */
export async function untilQuiet(cost: Cost): Promise<void> {
  for (let before = -1; before !== cost.calls;) {
    before = cost.calls;
    await sleep(1_000);
  }
}

/** The short list of each feed, once for all agents. */
export async function shortlists({ locals, batches }: RecordedTraffic): Promise<string[][]> {
  const shortlist = new Shortlist();
  for (const local of locals) shortlist.add(local);
  return Promise.all(
    batches.map(async (batch) => {
      const chosen = await shortlist.of({ ...batch, signal: new AbortController().signal });
      return batch.candidates.flatMap(({ id }, place) => (chosen[place] === 1 ? [id] : []));
    }),
  );
}

/** Σ over the agents of the distinct pairs of an item and whom its score holds for. */
export function distinctPairs({ locals, batches }: RecordedTraffic, lists: readonly string[][]): number {
  let pairs = 0;
  for (const { subject } of locals) {
    const known = new Set<string>();
    for (const [index, { query }] of batches.entries()) {
      const of = subjectKey({ subject: subject === 'ITEM' ? 'ITEM' : 'SEGMENT' }, query);
      for (const id of lists[index] ?? []) known.add(JSON.stringify([of, id]));
    }
    pairs += known.size;
  }
  return pairs;
}

/** What it costs to ask for each item of each feed by a call of its own, and to keep nothing. */
export async function askOneByOne(
  { database, locals, batches }: RecordedTraffic,
  lists: readonly string[][],
  model: LanguageModel,
): Promise<void> {
  const texts = new ItemTexts(database);
  for (const { name, subject } of locals) {
    const prompt = builtInPrompt(name);
    if (prompt === null) continue;
    for (const [index, { query }] of batches.entries()) {
      const readers = subject === 'ITEM' ? {} : { readers: `readers of segment ${query.segment}` };
      for (const text of await texts.load(lists[index] ?? [])) {
        if (text !== null) await model.complete(prompt.of(name, [{ ...readers, ...text }]));
      }
    }
  }
}
