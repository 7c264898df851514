import type { LoggedChoice } from './logged-choice.ts';

/** How well a log covers what another policy would do. Weights are target ÷ propensity. */
export interface Overlap {
  readonly choices: number;
  /** (Σ w)² ÷ Σ w² (Kish): of how many choices of its own the other policy's estimate is worth. */
  readonly effectiveSampleSize: number;
  /** The same as a share of the choices. */
  readonly effectiveShare: number;
  /** About 1 where the log has a chance of everything that the other policy would do. */
  readonly meanWeight: number;
  /** Of the mean weight, by clusters. */
  readonly meanWeightError: number;
  readonly largestWeight: number;
  /** The largest weight as a share of the sum of all. */
  readonly largestShare: number;
  readonly smallestPropensity: number;
}

/** What an estimate needs; below it an interval would look far surer than it is. */
const leastOverlap = {
  effectiveSampleSize: 100,
  effectiveShare: 0.01,
  meanWeightTolerance: 0.1,
} as const;

/** 99 % of a normal. */
const surely = 2.5758;

/** The overlap of a log with the policy that it is evaluated for. */
export function overlapOf(choices: readonly LoggedChoice[]): Overlap {
  let [sum, squares, largest, smallest] = [0, 0, 0, Infinity];
  for (const { propensity, target } of choices) {
    const weight = target / propensity;
    sum += weight;
    squares += weight ** 2;
    largest = Math.max(largest, weight);
    smallest = Math.min(smallest, propensity);
  }
  const count = choices.length;
  const effective = squares === 0 ? 0 : sum ** 2 / squares;
  const mean = count === 0 ? 0 : sum / count;
  const error = clusteredError(choices, ({ target, propensity }) => target / propensity - mean);
  return {
    choices: count,
    effectiveSampleSize: effective,
    effectiveShare: count === 0 ? 0 : effective / count,
    meanWeight: mean,
    meanWeightError: error,
    largestWeight: largest,
    largestShare: sum === 0 ? 0 : largest / sum,
    smallestPropensity: count === 0 ? 0 : smallest,
  };
}

/**
 * Why nothing can be said of the other policy, as sentences; empty where an estimate stands. Refused are an effective
 * sample of less than 100 choices or of less than 1 % of them, and a mean weight that is surely (99 %) and by more than
 * 0.1 away from 1: then the log has no chance of part of what the other policy would do.
 */
export function refusalsOf(overlap: Overlap): string[] {
  const { choices, effectiveSampleSize, effectiveShare, meanWeight, meanWeightError } = overlap;
  const refusals: string[] = [];
  if (effectiveSampleSize < leastOverlap.effectiveSampleSize) {
    refusals.push(
      `the effective sample size is ${effectiveSampleSize.toFixed(2)} of ${choices} choices, less than ` +
        `${leastOverlap.effectiveSampleSize}; the largest weight is ${overlap.largestWeight.toFixed(2)}`,
    );
  } else if (effectiveShare < leastOverlap.effectiveShare) {
    refusals.push(
      `the effective sample size is ${(100 * effectiveShare).toFixed(2)} % of ${choices} choices, less than ` +
        `${100 * leastOverlap.effectiveShare} %; the largest weight is ${overlap.largestWeight.toFixed(2)}`,
    );
  }
  const off = Math.abs(meanWeight - 1);
  if (off > leastOverlap.meanWeightTolerance && off > surely * meanWeightError) {
    refusals.push(
      `the mean weight is ${meanWeight.toFixed(3)} where it should be 1: the log never shows part of what the policy would`,
    );
  }
  return refusals;
}

/**
 * The standard error of a mean of which `deviation` gives each choice's deviation: those of a cluster are summed first, so
 * that it holds for choices of a feed that hang together.
 */
export function clusteredError(
  choices: readonly LoggedChoice[],
  deviation: (choice: LoggedChoice, index: number) => number,
): number {
  const sums = new Map<string, number>();
  for (const [index, choice] of choices.entries()) {
    sums.set(choice.cluster, (sums.get(choice.cluster) ?? 0) + deviation(choice, index));
  }
  const clusters = sums.size;
  if (clusters < 2) return Infinity;
  let squares = 0;
  for (const sum of sums.values()) squares += sum ** 2;
  return Math.sqrt((squares * clusters) / (clusters - 1)) / choices.length;
}
