/** The hash of GrowthBook's version 2 tells 10,000 buckets apart, so a layer has as many places. */
export const layerSize = 10_000;

/** Half-open, in ten-thousandths of the layer. */
export interface LayerRange {
  readonly from: number;
  readonly to: number;
}

/**
 * Takes `coverage` of a layer out of what `taken` leaves free, from the lower end on, in as many pieces as it needs.
 * Coverage is rounded to ten-thousandths, to one at least.
 * @returns the ranges in order, or null where the layer has no room.
 */
export function allocateLayer(taken: readonly LayerRange[], coverage: number): LayerRange[] | null {
  let missing = Math.max(1, Math.round(coverage * layerSize));
  const allocated: LayerRange[] = [];
  for (const gap of freeRanges(taken)) {
    const size = Math.min(missing, gap.to - gap.from);
    allocated.push({ from: gap.from, to: gap.from + size });
    missing -= size;
    if (missing === 0) return allocated;
  }
  return null;
}

/** The share of a layer that `taken`, whose ranges are disjoint, leaves free: 0 to 1. */
export function freeShare(taken: readonly LayerRange[]): number {
  return freeRanges(taken).reduce((sum, gap) => sum + gap.to - gap.from, 0) / layerSize;
}

function freeRanges(taken: readonly LayerRange[]): LayerRange[] {
  const gaps: LayerRange[] = [];
  let end = 0;
  for (const range of taken.toSorted((a, b) => a.from - b.from)) {
    if (range.from > end) gaps.push({ from: end, to: range.from });
    end = Math.max(end, range.to);
  }
  if (end < layerSize) gaps.push({ from: end, to: layerSize });
  return gaps;
}
