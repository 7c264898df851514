/** The most that one document may have; `docs/reference/limits.md` says how each is counted. */
export const documentLimits = {
  characters: 32_768,
  tokens: 1_000,
  depth: 8,
  aliases: 15,
  rootFields: 5,
  directives: 10,
  comparisons: 1_000,
  cost: 5_000,
} as const;

/** Counts stop here: a number that a message can still show, however often fragments double it. */
const largestCount = Number.MAX_SAFE_INTEGER;

/** Returns `count`, or the largest number that is still counted exactly. */
export function saturated(count: number): number {
  return Math.min(count, largestCount);
}
