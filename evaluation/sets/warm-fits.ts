import type { Baseline } from '../models/baselines.ts';
import type { BaselineFit } from './judge-baselines.ts';

/** Baselines of known items, whose published NDCG goes to 100. */
export function warmFits(baselines: readonly Baseline[]): BaselineFit[] {
  return baselines.map(({ model, rows }) => ({
    model,
    rows: rows.map(({ reference, ...row }) => ({
      ...row,
      reference: { recallAt20: reference.recallAt20, ndcg: reference.ndcgAt100 },
    })),
  }));
}
