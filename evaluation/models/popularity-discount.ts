import type { Scorer, Training } from './model.ts';

/**
 * A fitted model with popular items held back: positive scores times (training pairs of the item)^−`gamma`, the other
 * scores as they are. Its AUC means little, as both kinds are mixed.
 */
export function discountPopular(scorer: Scorer, { counts }: Training, gamma: number): Scorer {
  const weights = Float64Array.from(counts, (count) => count ** -gamma);
  return (user, scores) => {
    scorer(user, scores);
    for (let item = 0; item < scores.length; item++) {
      const score = scores[item] ?? 0;
      if (score > 0) scores[item] = score * (weights[item] ?? 0);
    }
  };
}
