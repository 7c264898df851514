/** The value below which share `q` (0..1) of `values` lies, by the nearest-rank method; NaN without values. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(q * sorted.length) - 1))] ?? Number.NaN;
}

/** `p50 p90 p99` of milliseconds, for a table. */
export function quantileCells(values: readonly number[]): string[] {
  return [0.5, 0.9, 0.99].map((q) => quantile(values, q).toFixed(1));
}
