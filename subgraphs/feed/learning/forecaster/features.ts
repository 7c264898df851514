import type { Candidate, FeedQuery } from '../../pipeline/component.ts';
import { scorePartsOf, type TagWeights } from '../../scorers/weighted-sum-scorer.ts';
import { featureNames } from './feature-names.ts';

/**
 * The features of `asked`, absent: all of the candidates, row after row in their order and in each row in the order of
 * `featureNames`. Some are relative to the other candidates, so those must be what a feed finds, not a few of them.
 */
export function forecastFeatures(
  query: Pick<FeedQuery, 'taste' | 'now'>,
  candidates: readonly Candidate[],
  models: TagWeights,
  asked: readonly Candidate[] = candidates,
): Float64Array {
  const partsOf = scorePartsOf(query, candidates, models);
  const matrix = new Float64Array(asked.length * featureNames.length);
  let place = 0;
  for (const candidate of asked) {
    const parts = partsOf(candidate);
    for (const name of featureNames) matrix[place++] = parts[name];
  }
  return matrix;
}
