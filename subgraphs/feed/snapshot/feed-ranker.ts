import { performance } from 'node:perf_hooks';
import { RequestError } from '#platform/errors/request-error.ts';
import type { Candidate, Explanation, FeedQuery, Pipeline, RankingMode } from '../pipeline/component.ts';
import { userSegment } from '../pipeline/user-segment.ts';
import { runPipeline, type PipelineResult } from '../pipeline/runner.ts';
import { snapshotSize, type FeedSnapshot, type RankedItem } from './feed-snapshot.ts';
import type { FeedRequest } from './feed-request.ts';

export interface Pipelines {
  readonly personal: Pipeline;
  readonly fallback: Pipeline;
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
  /** Hears what an optional component threw. */
  readonly onFailure: (component: string, error: unknown) => void;
  readonly sideEffects: readonly RankingSideEffect[];
}

/** Components without which a user's feed is no personal one. */
const personalComponents = ['collaborative-source', 'followed-source'];

/** Ranks feeds by the personal pipeline, and by the fallback where that has nothing. */
export class FeedRanker {
  readonly #pipelines: Pipelines;
  readonly #options: FeedRankerOptions;

  constructor(pipelines: Pipelines, options: FeedRankerOptions) {
    this.#pipelines = pipelines;
    this.#options = options;
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
    const personal = await this.#run(this.#pipelines.personal, query);
    // Whoever has seen everything gets the popular once more, and so does whose sources were all late; a personal feed
    // that has come to its end just ends.
    const useFallback =
      personal.ranked.length === 0 &&
      (served.length === 0 || shown.mode === 'TRENDING' || !hasSource(personal));
    const result = useFallback ? await this.#fallBack(query, personal) : personal;
    const snapshot: FeedSnapshot = {
      feedId,
      regions: request.regions,
      mode: useFallback ? 'TRENDING' : modeOf(query, result),
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

  async #fallBack(query: FeedQuery, personal: PipelineResult): Promise<PipelineResult> {
    const fallback = await this.#run(this.#pipelines.fallback, { ...query, history: 'any' });
    if (!hasSource(fallback)) {
      throw new RequestError('DEPENDENCY_UNAVAILABLE', 'No candidate source answers. Try again in a moment.');
    }
    return {
      ranked: fallback.ranked,
      stages: [...personal.stages, ...fallback.stages],
      degraded: [...personal.degraded, ...fallback.degraded],
      scoring: fallback.scoring,
    };
  }

  #run(pipeline: Pipeline, query: FeedQuery): Promise<PipelineResult> {
    return runPipeline(pipeline, query, this.#options.onFailure);
  }
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
  return { id, source, score, ...(explanation !== null && { explanation: explained(explanation, slot) }) };
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
