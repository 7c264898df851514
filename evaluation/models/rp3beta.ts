import { rp3beta as keptNeighbours } from '../../subgraphs/feed/learning/rp3beta.ts';
import { forEachCooccurrenceRow } from './cooccurrence-rows.ts';
import { sumOfWeights, type WeightRow } from './item-weights.ts';
import type { Model, Training } from './model.ts';

export interface Rp3betaParameters {
  /** Neighbours that an item of the history keeps. A number of them is found by what the product itself trains with. */
  readonly k: number | 'all';
  readonly alpha: number;
  readonly beta: number;
}

/** The random walk of `subgraphs/feed/learning/rp3beta.ts`: the score of j is the sum over the user's items i of W_ij. */
export function rp3beta({ k, alpha, beta }: Rp3betaParameters): Model {
  return {
    fit: (training) =>
      sumOfWeights(k === 'all' ? all(training, alpha, beta) : kept(training, { k, alpha, beta })),
  };
}

function all(training: Training, alpha: number, beta: number): WeightRow[] {
  const source = Float64Array.from(training.counts, (count) => count ** -alpha);
  const target = Float64Array.from(training.counts, (count) => count ** -beta);
  const rows: WeightRow[] = [];
  forEachCooccurrenceRow(
    training,
    (item, others, sums) => {
      const weightOf = (other: number): number =>
        (source[item] ?? 0) * (sums[other] ?? 0) * (target[other] ?? 0);
      rows.push({ items: others.slice(), weights: Float64Array.from(others, weightOf) });
    },
    (items) => items ** -alpha,
  );
  return rows;
}

function kept(training: Training, parameters: { k: number; alpha: number; beta: number }): WeightRow[] {
  const { k, items, scores } = keptNeighbours(training, parameters);
  return Array.from({ length: training.itemCount }, (_, item) => {
    const own = items.subarray(item * k, (item + 1) * k);
    const end = own.indexOf(-1);
    const count = end === -1 ? k : end;
    return {
      items: own.subarray(0, count),
      weights: Float64Array.from(scores.subarray(item * k, item * k + count)),
    };
  });
}
