import { featureNames, type RankingFeatures } from '../../agents/ranking-features.ts';
import { at } from '../typed-array.ts';

/** Features as rows, one after the other, each in the order of `featureNames`; `from` and after of the candidates alone. */
export function featureRows(features: RankingFeatures, from = 0): Float64Array {
  const columns = featureNames.map((name) => features[name]);
  const count = features.quality.length - from;
  const rows = new Float64Array(count * columns.length);
  for (let row = 0; row < count; row++) {
    for (const [place, column] of columns.entries()) {
      rows[row * columns.length + place] = at(column, from + row);
    }
  }
  return rows;
}
