import { createHash } from 'node:crypto';
import type { LanguageModel } from '#platform/llm/language-model.ts';
import type { FeedQuery } from '../../pipeline/component.ts';
import { subjectKey, type AgentVerdict, type ScoringAgent, type ScoringBatch } from '../scoring-agent.ts';
import { ModelScorer, type NoScore, type Scored, type TextSource } from './model-scorer.ts';
import { notBelieved } from './model-scores.ts';
import { OutlierJudge } from './outliers.ts';
import type { ScoringPrompt } from './prompts.ts';
import type { ScoreCache } from './score-cache.ts';

/** What a language model needs to score for an agent. */
export interface RemoteParts {
  readonly model: LanguageModel;
  readonly prompt: ScoringPrompt;
  readonly texts: TextSource;
  readonly cache: ScoreCache;
  /** Whom the model's score holds for; it is told of no single user. */
  readonly subject: 'ITEM' | 'SEGMENT';
  /** 1 for each candidate that the model is to be asked about; absent: all. Others have a score only from the cache. */
  readonly shortlist?: (batch: ScoringBatch) => Promise<Uint8Array>;
  /** What the prompt says of the users of a segment. */
  readonly describeSegment: (segment: string) => string;
  readonly onBatch: (agent: string, items: number) => void;
  readonly onFailure: (agent: string, error: unknown) => void;
  /** How long a request waits for the model, in ms; 240 unless said otherwise. */
  readonly patienceMs?: number;
  /** Items of which local score and model's must be known before the model is believed; 200 unless said otherwise. */
  readonly leastResiduals?: number;
  readonly signal?: AbortSignal;
  readonly halfOpenMs?: number;
}

/** An agent of which the scores can be made to be forgotten. */
export interface RemoteAgent extends ScoringAgent {
  /** Forgets what was scored for everybody of `ids`, whose texts have changed. What holds for a segment runs out by itself. */
  forget(ids: readonly string[]): Promise<void>;
}

/** A feed has 500 ms, of which all else takes less than half. */
const defaultPatienceMs = 240;

/** The panel drops an agent at its deadline; by then this one has long said what it has. */
const marginMs = 60;

/**
 * `local` with a language model that scores in its place. An item that the model does not score in time, or scores far off
 * what `local` does (see OutlierJudge), keeps the local score with `fallback` set, moved to where the model's scores lie. A
 * model that is new to the process is on probation: it is asked, and until it is known by the residuals of 200 items, all
 * keep the local score. Where `local` has nothing to say of an item (NaN) there is nothing to compare with: nothing is said
 * of it during probation, and what the model says after. While the breaker is open scores come from cache and `local` at
 * once.
 */
export function remoteAgent(local: ScoringAgent, parts: RemoteParts): RemoteAgent {
  const { model, prompt, texts, cache, subject, shortlist, describeSegment, onBatch, onFailure } = parts;
  const { patienceMs = defaultPatienceMs, leastResiduals, signal, halfOpenMs } = parts;
  const { name, description, weight } = local;
  const scorer = new ModelScorer({
    name,
    model,
    prompt,
    texts,
    onScores: (scores) => cache.write(scores),
    onBatch,
    onFailure,
    signal,
    halfOpenMs,
  });
  const judge = new OutlierJudge(leastResiduals);
  const version = `${local.version}+${model.version}+${prompt.version}`;
  const keyOf = (id: string, subjectPart: string): string => JSON.stringify([name, version, subjectPart, id]);
  // What is said of a segment changes with the clusters, and with it the score.
  const subjectPartOf = (query: FeedQuery, readers: string | null): string =>
    readers === null ? '' : `${subjectKey({ subject }, query)} ${digestOf(readers)}`;

  const score = async (batch: ScoringBatch): Promise<AgentVerdict> => {
    const until = performance.now() + patienceMs;
    const { query, candidates } = batch;
    const verdict = await local.score(batch);
    const readers = subject === 'ITEM' ? null : describeSegment(query.segment);
    const subjectPart = subjectPartOf(query, readers);
    const keys = candidates.map(({ id }) => keyOf(id, subjectPart));
    const wanted = await shortlist?.(batch);
    const scored: (Answer | undefined)[] = await cache.read(keys, wanted);
    const hits = scored.filter((each) => each !== undefined).length;
    const places: number[] = [];
    for (const [place, each] of scored.entries()) {
      if (each !== undefined) continue;
      if (wanted === undefined || wanted[place] === 1) places.push(place);
      else scored[place] = 'not asked';
    }
    if (!scorer.available()) for (const place of places) scored[place] = 'breaker open';
    else if (places.length > 0) {
      const answers = places.map(async (place) => {
        scored[place] = await scorer.score({
          key: keys[place] ?? '',
          id: candidates[place]?.id ?? '',
          readers,
        });
      });
      await patiently(Promise.all(answers), until - performance.now(), batch.signal);
    }
    return { ...combine(candidates, verdict, scored, judge), cache: { hits, misses: places.length } };
  };

  return {
    name,
    description,
    version,
    weight,
    subject,
    kind: local.kind === 'CUSTOM' ? 'CUSTOM' : 'LLM',
    deadlineMs: patienceMs + marginMs,
    breaker: () => scorer.breaker(),
    score,
    forget: async (ids) => {
      if (subject !== 'ITEM') return;
      const keys = ids.map((id) => keyOf(id, ''));
      scorer.forget(keys);
      await cache.forget(keys);
    },
  };
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 12);
}

/** What became of one candidate; one that is not on the short list needs no mention. */
type Answer = Scored | 'not asked';

/** Why a score of the model is not used as long as it is on probation. */
const onProbation = 'too little is known of the model yet';

type Cause = NoScore | typeof onProbation;

/** Local scores with the model's in their place where it has any that can be believed. */
function combine(
  candidates: ScoringBatch['candidates'],
  local: AgentVerdict,
  scored: readonly (Answer | undefined)[],
  judge: OutlierJudge,
): AgentVerdict {
  const scores = local.scores.slice();
  const fallback = new Uint8Array(scores.length);
  const missing = new Map<Cause, number>();
  for (const [place, each = 'no answer in time'] of scored.entries()) {
    const own = local.scores[place] ?? Number.NaN;
    const cause = typeof each === 'number' && !judge.knowsModel ? onProbation : each;
    if (typeof cause === 'string') {
      fallback[place] = 1;
      if (cause !== 'not asked') missing.set(cause, (missing.get(cause) ?? 0) + 1);
    } else if (cause === notBelieved || judge.isOutlier(cause, own)) fallback[place] = 1;
    else scores[place] = cause;
  }
  // Where all are local there is nothing that they would have to be level with.
  if (fallback.includes(0)) {
    for (const [place, own] of local.scores.entries()) {
      if (fallback[place] === 1) scores[place] = judge.standIn(own);
    }
  }
  // Only now, so that all of a batch is judged by the same.
  for (const [place, { id }] of candidates.entries()) {
    const each = scored[place];
    if (typeof each !== 'number' || each === notBelieved) continue;
    judge.note(id, each, local.scores[place] ?? Number.NaN);
  }
  return {
    scores,
    fallback: fallback.includes(1) ? fallback : null,
    degraded: degradedText(missing, scored.filter((each) => each !== 'not asked').length),
  };
}

function degradedText(missing: ReadonlyMap<Cause, number>, candidates: number): string | null {
  if (missing.size === 0) return null;
  const causes = Array.from(
    missing,
    ([cause, count]) => `${count} of ${candidates} scored locally: ${cause}`,
  );
  return causes.join('; ');
}

/** Waits for `work`, which does not reject, until `ms` ms are over or `signal` aborts. */
async function patiently(work: Promise<unknown>, ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const { promise: over, resolve } = Promise.withResolvers<void>();
  const end = (): void => resolve();
  const timer = setTimeout(end, Math.max(0, ms));
  signal.addEventListener('abort', end, { once: true });
  await Promise.race([work, over]);
  clearTimeout(timer);
  signal.removeEventListener('abort', end);
}
