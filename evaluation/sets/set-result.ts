import type { Figures } from '../metrics/figures.ts';
import type { JudgedStack } from '../stack/judge-stack.ts';
import type { TrainingCost } from '../stack/train-stack.ts';

export const setIds = ['goodbooks', 'movielens', 'cold'] as const;
export type SetId = (typeof setIds)[number];

/** Something that the rules of the reference fix. */
export interface Check {
  readonly name: string;
  readonly published: number;
  readonly found: number;
}

/** One model on one data set. */
export interface Row {
  readonly name: string;
  readonly parameters: string;
  readonly figures: Figures;
  /** Null for what is not fitted apart. */
  readonly fitSeconds: number | null;
  /** Of an EASE, how much of that is the inverse. */
  readonly inverseSeconds: number | null;
  /** Published figures of the same model, parameters and split. */
  readonly reference: Reference | null;
}

export interface Reference {
  readonly recallAt20: number;
  readonly ndcg: number;
}

/** What a server gave for the evaluated users. */
export interface ServedResult {
  readonly feeds: Figures;
  readonly trending: Figures;
  /** Items by source. */
  readonly sources: ReadonlyMap<string, number>;
  readonly modes: ReadonlyMap<string, number>;
  /** How often the API asked to try again. */
  readonly refusals: number;
  /** Feeds of which a part was late or failed, by part. */
  readonly degraded: ReadonlyMap<string, number>;
}

export interface SetResult {
  readonly id: SetId;
  readonly checks: readonly Check[];
  readonly users: number;
  readonly trainingPairs: number;
  readonly heldOutPairs: number;
  readonly candidates: number;
  /** Places that the published NDCG goes to. */
  readonly ndcgDepth: 20 | 100;
  readonly stack: JudgedStack;
  readonly training: TrainingCost;
  /** Null where a feed cannot be compared, as it holds more than the candidates. */
  readonly served: ServedResult | null;
  /** None when baselines were skipped. */
  readonly baselines: readonly Row[];
}
