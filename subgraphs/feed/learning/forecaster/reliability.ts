import { at } from '../typed-array.ts';

/** Forecasts that are alike, and what came of them. */
export interface ReliabilityPoint {
  /** The mean of the forecasts, 0..1. */
  readonly forecast: number;
  /** The share that came true, 0..1. */
  readonly observed: number;
  readonly count: number;
}

/** How good forecasts are. */
export interface ForecastFigures {
  readonly count: number;
  readonly positives: number;
  /** The probability that a positive has a higher forecast than a negative, ties counted half; null without both. */
  readonly auc: number | null;
  /** Expected calibration error: the mean of |forecast − observed| over the points, weighted by their counts. */
  readonly ece: number;
  /** The lowest forecasts first. */
  readonly points: readonly ReliabilityPoint[];
}

/** Points of a reliability diagram; each has as many forecasts as the others, and so the same noise. */
const pointCount = 15;

/**
 * AUC, expected calibration error over 15 bins of equal count (Nixon et al., "Measuring calibration in deep learning", 2019:
 * the adaptive form) and the points of a reliability diagram. Equal forecasts stay in one bin.
 */
export function judgeForecasts(forecasts: Float64Array, labels: Uint8Array): ForecastFigures {
  const order = Uint32Array.from(forecasts, (_, index) => index).toSorted(
    (a, b) => at(forecasts, a) - at(forecasts, b),
  );
  const positives = labels.reduce((sum, label) => sum + label, 0);
  const points = pointsOf(order, forecasts, labels);
  const gap = points.reduce(
    (sum, { forecast, observed, count }) => sum + count * Math.abs(forecast - observed),
    0,
  );
  return {
    count: labels.length,
    positives,
    auc: aucOf(order, forecasts, labels, positives),
    ece: labels.length === 0 ? 0 : gap / labels.length,
    points,
  };
}

function pointsOf(order: Uint32Array, forecasts: Float64Array, labels: Uint8Array): ReliabilityPoint[] {
  const points: ReliabilityPoint[] = [];
  let start = 0;
  for (let bin = 1; bin <= pointCount && start < order.length; bin++) {
    let end = Math.max(start + 1, Math.round((bin * order.length) / pointCount));
    while (
      end < order.length &&
      forecastAt(order, forecasts, end) === forecastAt(order, forecasts, end - 1)
    ) {
      end++;
    }
    let forecast = 0;
    let observed = 0;
    for (const index of order.subarray(start, end)) {
      forecast += at(forecasts, index);
      observed += labels[index] ?? 0;
    }
    const count = end - start;
    points.push({ forecast: forecast / count, observed: observed / count, count });
    start = end;
  }
  return points;
}

/** By the sum of the positives' ranks (Mann and Whitney). */
function aucOf(
  order: Uint32Array,
  forecasts: Float64Array,
  labels: Uint8Array,
  positives: number,
): number | null {
  const negatives = labels.length - positives;
  if (positives === 0 || negatives === 0) return null;
  let below = 0;
  let sum = 0;
  for (let start = 0; start < order.length;) {
    let end = start + 1;
    while (end < order.length && forecastAt(order, forecasts, end) === forecastAt(order, forecasts, start)) {
      end++;
    }
    let own = 0;
    for (const index of order.subarray(start, end)) own += labels[index] ?? 0;
    const others = end - start - own;
    sum += own * (below + others / 2);
    below += others;
    start = end;
  }
  return sum / positives / negatives;
}

function forecastAt(order: Uint32Array, forecasts: Float64Array, place: number): number {
  return at(forecasts, order[place] ?? 0);
}
