import { performance } from 'node:perf_hooks';
import { withDeadline } from '#platform/resilience/with-deadline.ts';
import type {
  Candidate,
  Degradation,
  FeedQuery,
  Pipeline,
  Scorer,
  Scoring,
  StageTrace,
} from './component.ts';
import { leftOut, type FailureListener } from './left-out.ts';
import type { Guard } from './with-breaker.ts';

export interface PipelineResult {
  /** The best first, at most the query's size. */
  readonly ranked: readonly Candidate[];
  readonly stages: readonly StageTrace[];
  readonly degraded: readonly Degradation[];
  /** By the last scorer that took part; null where none did. */
  readonly scoring: Scoring | null;
  /** The user segment of the hydrated query. */
  readonly segment: string;
}

/**
 * Runs the stages of `pipeline` in order and the components of query, source and hydrator stages side by side.
 * `onFailure` hears of what a component threw, of which a client sees only the component's name. `guard` runs what waits for
 * others; absent: within the component's deadline and without a breaker.
 * @throws what a hydrator, a filter, a scorer or a selector throws; sources and query hydrators are left out.
 */
export async function runPipeline(
  pipeline: Pipeline,
  initial: FeedQuery,
  onFailure: FailureListener,
  guard: Guard = inTime,
): Promise<PipelineResult> {
  const run = new PipelineRun(onFailure, guard);
  const query = await run.hydrateQuery(pipeline, initial);
  let candidates: readonly Candidate[] = await run.find(pipeline, query);
  await run.hydrate(pipeline, query, candidates);
  for (const filter of pipeline.filters) {
    candidates = run.step('filters', filter, query, candidates, (input) => filter.apply(query, input));
  }
  let scoring: Scoring | null = null;
  for (const scorer of pipeline.scorers) {
    scoring = (await run.score(scorer, query, candidates)) ?? scoring;
  }
  const scored = candidates.toSorted((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1));
  candidates = scored;
  for (const selector of pipeline.selectors) {
    candidates = run.step('selectors', selector, query, candidates, (input) =>
      selector.select(query, input, scored),
    );
  }
  return {
    ranked: candidates.slice(0, query.size),
    stages: run.stages,
    degraded: run.degraded,
    scoring,
    segment: query.segment,
  };
}

const inTime: Guard = ({ deadlineMs }, work) => withDeadline(deadlineMs, work);

interface Named {
  readonly name: string;
  enabled(query: FeedQuery): boolean;
}

class PipelineRun {
  readonly stages: StageTrace[] = [];
  readonly degraded: Degradation[] = [];
  readonly #onFailure: FailureListener;
  readonly #guard: Guard;

  constructor(onFailure: FailureListener, guard: Guard) {
    this.#onFailure = onFailure;
    this.#guard = guard;
  }

  async hydrateQuery(pipeline: Pipeline, initial: FeedQuery): Promise<FeedQuery> {
    let query = initial;
    for (const hydrator of pipeline.queryHydrators) {
      const hydrated = await this.#optional('query', hydrator, query, (input) => hydrator.hydrate(input));
      query = hydrated ?? query;
    }
    return query;
  }

  /** Candidates in the order of the sources, whichever answered first. */
  async find(pipeline: Pipeline, query: FeedQuery): Promise<Candidate[]> {
    const found = await Promise.all(
      pipeline.sources.map((source) =>
        this.#optional('sources', source, query, (input) => source.find(input)),
      ),
    );
    return found.flatMap((candidates) => candidates ?? []);
  }

  async hydrate(pipeline: Pipeline, query: FeedQuery, candidates: readonly Candidate[]): Promise<void> {
    await Promise.all(
      pipeline.hydrators.map(async (hydrator) => {
        const enabled = hydrator.enabled(query) && candidates.length > 0;
        const start = performance.now();
        try {
          if (enabled) await this.#guard(hydrator, () => hydrator.hydrate(query, candidates));
        } catch (error) {
          if (hydrator.optional !== true) throw error;
          this.#leaveOut(hydrator, error);
        }
        this.#trace('hydrators', hydrator.name, candidates.length, candidates.length, start, !enabled);
      }),
    );
  }

  step(
    stage: StageTrace['stage'],
    component: Named,
    query: FeedQuery,
    candidates: readonly Candidate[],
    apply: (candidates: readonly Candidate[]) => readonly Candidate[],
  ): readonly Candidate[] {
    const enabled = component.enabled(query);
    const start = performance.now();
    const output = enabled ? apply(candidates) : candidates;
    this.#trace(stage, component.name, candidates.length, output.length, start, !enabled);
    return output;
  }

  /** Null where the scorer does not take part. */
  async score(scorer: Scorer, query: FeedQuery, candidates: readonly Candidate[]): Promise<Scoring | null> {
    const enabled = scorer.enabled(query);
    const start = performance.now();
    const scoring = enabled ? await scorer.score(query, candidates) : null;
    this.#trace('scorers', scorer.name, candidates.length, candidates.length, start, !enabled);
    return scoring;
  }

  /** Runs a component whose failure costs only what it would have given. */
  async #optional<T>(
    stage: StageTrace['stage'],
    component: Named & { readonly deadlineMs: number },
    query: FeedQuery,
    work: (query: FeedQuery) => Promise<T>,
  ): Promise<T | null> {
    const start = performance.now();
    if (!component.enabled(query)) {
      this.#trace(stage, component.name, 0, 0, start, true);
      return null;
    }
    try {
      const result = await this.#guard(component, () => work(query));
      this.#trace(stage, component.name, 0, Array.isArray(result) ? result.length : 0, start, false);
      return result;
    } catch (error) {
      this.#leaveOut(component, error);
      this.#trace(stage, component.name, 0, 0, start, true);
      return null;
    }
  }

  #leaveOut(component: { name: string; deadlineMs: number }, error: unknown): void {
    this.degraded.push(leftOut(component, error, this.#onFailure));
  }

  #trace(
    stage: StageTrace['stage'],
    component: string,
    input: number,
    output: number,
    start: number,
    skipped: boolean,
  ): void {
    this.stages.push({ stage, component, input, output, durationMs: performance.now() - start, skipped });
  }
}
