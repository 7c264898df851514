/** Share of what could be found that was: hits in the first `k` / min(k, number of held-out items). 0..1 */
export function recallAt(k: number, ranked: readonly string[], heldOut: ReadonlySet<string>): number {
  const hits = ranked.slice(0, k).filter((item) => heldOut.has(item)).length;
  return hits / Math.min(k, heldOut.size);
}

/**
 * Normalised discounted cumulative gain: the sum over hits at rank r ≤ `k` of 1 / log2(r + 1), divided by what the
 * best order gives. 0..1
 */
export function ndcgAt(k: number, ranked: readonly string[], heldOut: ReadonlySet<string>): number {
  let gain = 0;
  for (const [index, item] of ranked.slice(0, k).entries()) if (heldOut.has(item)) gain += discount(index);
  let best = 0;
  for (let index = 0; index < Math.min(k, heldOut.size); index++) best += discount(index);
  return gain / best;
}

function discount(index: number): number {
  return 1 / Math.log2(index + 2);
}

/**
 * The mean over held-out items of the share of negatives that score lower; ties count half. Candidates are the items
 * of `scores` without those of `training`; the negatives are the candidates that are not held out. A held-out item
 * that is no candidate counts 0. 0..1
 */
export function auc(
  scores: ReadonlyMap<string, number>,
  training: ReadonlySet<string>,
  heldOut: ReadonlySet<string>,
): number {
  const buffer = new Float64Array(scores.size);
  let count = 0;
  for (const [item, score] of scores) if (!training.has(item) && !heldOut.has(item)) buffer[count++] = score;
  const negatives = buffer.subarray(0, count).toSorted();
  let sum = 0;
  for (const item of heldOut) {
    const score = scores.get(item);
    if (score === undefined) continue;
    const below = countBelow(negatives, (negative) => negative < score);
    const notAbove = countBelow(negatives, (negative) => negative <= score);
    sum += (below + notAbove) / 2 / count;
  }
  return sum / heldOut.size;
}

/** How many of the sorted values lie in the part at the start for which `isBelow` holds. */
function countBelow(sorted: Float64Array, isBelow: (value: number) => boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBelow(sorted[middle] ?? Number.POSITIVE_INFINITY)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Distinct items among the first `k` of anybody, as a share of the catalogue. 0..1 */
export function coverageAt(k: number, rankings: Iterable<readonly string[]>, catalogueSize: number): number {
  const seen = new Set<string>();
  for (const ranked of rankings) for (const item of ranked.slice(0, k)) seen.add(item);
  return seen.size / catalogueSize;
}
