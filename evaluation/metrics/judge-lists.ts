import type { Figures } from './figures.ts';
import { coverageAt, ndcgAt, recallAt } from './ranking-metrics.ts';

/** A list that somebody was given, the best first, and what was held out of theirs. */
export interface JudgedList {
  readonly items: readonly string[];
  readonly heldOut: ReadonlySet<string>;
}

/**
 * Measures lists whose scores are not known, so that there is no AUC. `depth` is how many places they were asked for;
 * what needs more is null. `catalogueSize` is the number of candidates.
 */
export function judgeLists(
  lists: readonly JudgedList[],
  { depth, catalogueSize }: { readonly depth: number; readonly catalogueSize: number },
): Figures {
  const perUser = (measure: (items: readonly string[], heldOut: ReadonlySet<string>) => number) =>
    Float64Array.from(lists, ({ items, heldOut }) => measure(items, heldOut));
  return {
    recallAt20: perUser((items, heldOut) => recallAt(20, items, heldOut)),
    recallAt50: depth < 50 ? null : perUser((items, heldOut) => recallAt(50, items, heldOut)),
    ndcgAt20: perUser((items, heldOut) => ndcgAt(20, items, heldOut)),
    ndcgAt100: depth < 100 ? null : perUser((items, heldOut) => ndcgAt(100, items, heldOut)),
    auc: null,
    coverageAt20: coverageAt(
      20,
      lists.map(({ items }) => items),
      catalogueSize,
    ),
  };
}
