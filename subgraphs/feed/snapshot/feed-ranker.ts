import { performance } from 'node:perf_hooks';
import { RequestError } from '#platform/errors/request-error.ts';
import { withPatience } from '#platform/resilience/with-patience.ts';
import type { Telemetry } from '#platform/telemetry/telemetry.ts';
import type { Candidate, Explanation, FeedQuery, Pipeline, RankingMode } from '../pipeline/component.ts';
import { leftOut, type FailureListener } from '../pipeline/left-out.ts';
import { userSegment } from '../pipeline/user-segment.ts';
import { runPipeline, type PipelineResult } from '../pipeline/runner.ts';
import { guardByBreakers, type Guard } from '../pipeline/with-breaker.ts';
import { snapshotSize, type FeedSnapshot, type RankedItem } from './feed-snapshot.ts';
import type { FeedRequest } from './feed-request.ts';

export interface Pipelines {
  readonly personal: Pipeline;
  /** What is popular and new, seen or not. */
  readonly fallback: Pipeline;
  /** What is popular, from memory. */
  readonly shelved: Pipeline;
}

/** What a feed has shown already, and how it was ranked. */
export type ShownBefore = Pick<FeedSnapshot, 'served' | 'mode'>;

/** Told of each ranking once it is made. */
export type RankingSideEffect = (request: FeedRequest, snapshot: FeedSnapshot, effort: RankingEffort) => void;

export interface RankingEffort {
  readonly durationMs: number;
  /** Items that exploration slots chose. */
  readonly explored: number;
}

export interface FeedRankerOptions {
  readonly clock: () => Date;
  readonly telemetry: Telemetry;
  /** What the personal feed may take, in ms, before what is popular is shown in its place. */
  readonly totalMs: number;
  /** Hears what an optional component threw. */
  readonly onFailure: FailureListener;
  readonly sideEffects: readonly RankingSideEffect[];
}

/** Components without which a user's feed is no personal one. */
const personalComponents = ['collaborative-source', 'followed-source'];

/** Ranks feeds by the personal pipeline, and by the others where that has nothing. */
export class FeedRanker {
  readonly #pipelines: Pipelines;
  readonly #guard: Guard;
  readonly #options: FeedRankerOptions;

  constructor(pipelines: Pipelines, options: FeedRankerOptions) {
    this.#pipelines = pipelines;
    this.#options = options;
    this.#guard = guardByBreakers(options.telemetry);
  }

  /**
   * Ranks what follows `shown` in feed `feedId`.
   * @throws RequestError `DEPENDENCY_UNAVAILABLE` when no source answers.
   */
  async rank(request: FeedRequest, feedId: string, shown: ShownBefore): Promise<FeedSnapshot> {
    const { served } = shown;
    const start = performance.now();
    const now = this.#options.clock();
    const query: FeedQuery = {
      subject: request.subject,
      regions: request.regions,
      filter: request.filter,
      history: 'unseen',
      served: new Set(served.map(({ id }) => id)),
      size: Math.max(0, snapshotSize - served.length),
      now,
      taste: null,
      segment: userSegment(request.regions, 'new'),
    };
    const { mode, result } = await this.#best(query, shown);
    const snapshot: FeedSnapshot = {
      feedId,
      regions: request.regions,
      mode,
      segment: result.segment,
      degraded: [...result.degraded, ...(result.scoring?.degraded ?? [])],
      scoring: result.scoring,
      stages: result.stages,
      generatedAt: now,
      served: served.map((item) => ofEarlierRanking(item)),
      rest: result.ranked.map((candidate) => toItem(candidate)),
    };
    const effort = {
      durationMs: performance.now() - start,
      explored: result.ranked.filter(({ slot }) => slot !== null).length,
    };
    for (const sideEffect of this.#options.sideEffects) sideEffect(request, snapshot, effort);
    return snapshot;
  }

  /** The personal feed, or what is popular: from the database for who has seen everything, else from memory. */
  async #best(query: FeedQuery, shown: ShownBefore): Promise<Ranked> {
    const { personal, fallback } = this.#pipelines;
    const own = await this.#attempt('personal-feed', personal, query, this.#options.totalMs, this.#guard);
    if (hasSource(own)) {
      // A personal feed that has come to its end just ends.
      const isSeen = own.ranked.length === 0 && (shown.served.length === 0 || shown.mode === 'TRENDING');
      return isSeen ? this.#again(query, own) : { mode: modeOf(query, own), result: own };
    }
    const shelved = await this.#attempt('trending-shelf', this.#pipelines.shelved, query, patientMs);
    if (shelved.ranked.length > 0) return { mode: 'TRENDING', result: after(own, shelved) };
    const patient = await this.#attempt('popular-feed', fallback, { ...query, history: 'any' }, patientMs);
    if (!hasSource(patient)) {
      throw new RequestError('DEPENDENCY_UNAVAILABLE', 'No candidate source answers. Try again in a moment.');
    }
    return { mode: 'TRENDING', result: after(own, patient) };
  }

  /** What is popular, seen or not. */
  async #again(query: FeedQuery, own: PipelineResult): Promise<Ranked> {
    const { fallback, shelved } = this.#pipelines;
    const popular = await this.#attempt('popular-feed', fallback, { ...query, history: 'any' }, patientMs);
    if (hasSource(popular)) return { mode: 'TRENDING', result: after(own, popular) };
    const rest = await this.#attempt('trending-shelf', shelved, query, patientMs);
    return { mode: 'TRENDING', result: after(own, after(popular, rest)) };
  }

  /** Runs a pipeline; one that throws or is late has no result but its name in `degraded`. */
  async #attempt(
    name: string,
    pipeline: Pipeline,
    query: FeedQuery,
    deadlineMs: number,
    guard?: Guard,
  ): Promise<PipelineResult> {
    const { onFailure } = this.#options;
    try {
      return await withPatience(deadlineMs, () => runPipeline(pipeline, query, onFailure, guard));
    } catch (error) {
      return {
        ranked: [],
        stages: [],
        degraded: [leftOut({ name, deadlineMs }, error, onFailure)],
        scoring: null,
        segment: query.segment,
      };
    }
  }
}

interface Ranked {
  readonly mode: RankingMode;
  readonly result: PipelineResult;
}

/** Behind it there is only an error, in ms. */
const patientMs = 2_000;

/** What `next` has ranked, and what both did. */
function after(first: PipelineResult, next: PipelineResult): PipelineResult {
  return {
    ranked: next.ranked,
    stages: [...first.stages, ...next.stages],
    degraded: [...first.degraded, ...next.degraded],
    scoring: next.scoring,
    segment: next.segment,
  };
}

/** Whether any source has answered. */
function hasSource({ stages }: PipelineResult): boolean {
  return stages.some(({ stage, skipped }) => stage === 'sources' && !skipped);
}

function modeOf(query: FeedQuery, { degraded, scoring }: PipelineResult): RankingMode {
  const failed = new Set(degraded.map(({ component }) => component));
  const lostTaste = failed.has('taste-hydrator') || personalComponents.every((name) => failed.has(name));
  return query.subject !== null && lostTaste ? 'TRENDING' : (scoring?.mode ?? 'SIMPLE');
}

function toItem({ id, source, score, explanation, slot }: Candidate): RankedItem {
  return {
    id,
    source,
    score,
    slot,
    ...(explanation !== null && { explanation: explained(explanation, slot) }),
  };
}

/** What an exploration slot chose is there to be explored, whatever else speaks for it. */
function explained(explanation: Explanation, slot: Candidate['slot']): Explanation {
  if (slot === null) return explanation;
  return { ...explanation, reason: { ...explanation.reason, kind: 'EXPLORING', region: null } };
}

/** Why it was shown stays; what its score was made of belongs to another snapshot's parts. */
function ofEarlierRanking(item: RankedItem): RankedItem {
  const { explanation } = item;
  return explanation === undefined
    ? item
    : { ...item, explanation: { ...explanation, values: [], fallbacks: 0 } };
}
