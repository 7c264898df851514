import type { Scorer } from './model.ts';

/** What an item of a history gives to others. */
export interface WeightRow {
  readonly items: Int32Array;
  readonly weights: Float64Array;
}

/** The score of an item is the sum of what the user's items give it. `rows` are by item of the history. */
export function sumOfWeights(rows: readonly WeightRow[]): Scorer {
  return (user, scores) => {
    for (const item of user.items) {
      const row = rows[item];
      if (row === undefined) continue;
      const { items, weights } = row;
      for (let index = 0; index < items.length; index++) {
        const other = items[index] ?? 0;
        scores[other] = (scores[other] ?? 0) + (weights[index] ?? 0);
      }
    }
  };
}

/** Rows by the other of the two items. */
export function transposeRows(rows: readonly WeightRow[]): WeightRow[] {
  const counts = new Int32Array(rows.length);
  for (const { items } of rows) for (const item of items) counts[item] = (counts[item] ?? 0) + 1;
  const transposed = Array.from(counts, (count) => ({
    items: new Int32Array(count),
    weights: new Float64Array(count),
  }));
  const next = new Int32Array(rows.length);
  for (const [item, row] of rows.entries()) {
    for (const [index, other] of row.items.entries()) {
      const target = transposed[other];
      const place = next[other] ?? 0;
      if (target === undefined) continue;
      target.items[place] = item;
      target.weights[place] = row.weights[index] ?? 0;
      next[other] = place + 1;
    }
  }
  return transposed;
}
