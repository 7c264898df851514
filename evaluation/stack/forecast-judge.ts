import { featureNames } from '../../subgraphs/feed/agents/ranking-features.ts';
import { featureRows } from '../../subgraphs/feed/learning/forecaster/feature-rows.ts';
import type { Candidate, FeedQuery } from '../../subgraphs/feed/pipeline/component.ts';
import type { EvaluationSet, JudgedUser } from '../metrics/evaluation-set.ts';
import { ScoreJudge, type Judgement } from '../metrics/judge-scorer.ts';
import type { Stack } from './open-stack.ts';

/** Judges the rankings by the forecaster's probability, one user after the other. */
export class ForecastJudge {
  readonly #stack: Pick<Stack, 'models' | 'featuresOf'>;
  readonly #judge: ScoreJudge;
  readonly #numbers: ReadonlyMap<string, number>;
  readonly #scores: Float64Array;

  constructor(stack: Pick<Stack, 'models' | 'featuresOf'>, set: EvaluationSet) {
    this.#stack = stack;
    this.#judge = new ScoreJudge(set);
    this.#numbers = new Map(set.candidateIds.map((id, number) => [id, number]));
    this.#scores = new Float64Array(set.candidateIds.length);
  }

  /** Forecasts what the next user of the set saves of these candidates. */
  add(user: JudgedUser, query: FeedQuery, candidates: readonly Candidate[]): void {
    const { models, featuresOf } = this.#stack;
    const { forecaster } = models;
    if (forecaster === null) return;
    const features = featureRows(featuresOf(query, candidates));
    const width = featureNames.length;
    this.#scores.fill(0);
    for (const [place, { id }] of candidates.entries()) {
      const row = features.subarray(place * width, (place + 1) * width);
      this.#scores[this.#numbers.get(id) ?? 0] = forecaster.probability(row);
    }
    this.#judge.add(user, this.#scores);
  }

  /** Null where there is no forecaster. */
  judgement(): Judgement | null {
    return this.#stack.models.forecaster === null ? null : this.#judge.judgement();
  }
}
