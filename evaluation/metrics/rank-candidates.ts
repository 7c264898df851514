import { fnv1a32 } from './fnv1a32.ts';

/**
 * The order in which offline scores are judged: score descending, ties by `fnv1a32(item + ":tie-1")` ascending, then
 * the numeric id ascending. Ids follow popularity in some data sets, so they must not break ties by themselves.
 */
export function rankCandidates(scores: ReadonlyMap<string, number>): string[] {
  return [...scores]
    .map(([item, score]) => ({ item, score, tie: tieOf(item) }))
    .toSorted((a, b) => b.score - a.score || a.tie - b.tie || Number(a.item) - Number(b.item))
    .map(({ item }) => item);
}

const ties = new Map<string, number>();

/** Kept: the items of one catalogue are ranked for thousands of users. */
function tieOf(item: string): number {
  const known = ties.get(item);
  if (known !== undefined) return known;
  const tie = fnv1a32(`${item}:tie-1`);
  ties.set(item, tie);
  return tie;
}
