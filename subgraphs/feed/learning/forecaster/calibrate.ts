import { at } from '../typed-array.ts';
import { fitLogistic, logistic } from './logistic.ts';

/** Turns a logit into that of a calibrated probability: slope · logit + offset. */
export interface Calibration {
  readonly slope: number;
  readonly offset: number;
}

/** So little that it is no shrinking, only enough for a solution where the classes can be told apart without error. */
const penalty = 1e-3;

/**
 * Platt's scaling ("Probabilistic outputs for support vector machines", 1999): a logistic regression of what happened on
 * the logits of rows that the model has not seen, with his targets, which keep it from certainty where rows are few. The
 * order of the rows is kept: where the rows say nothing or the reverse, only the offset is fitted.
 */
export function calibrate(logits: Float64Array, labels: Uint8Array): Calibration {
  const positives = labels.reduce((sum, label) => sum + label, 0);
  const negatives = labels.length - positives;
  if (positives === 0 || negatives === 0) return { slope: 1, offset: 0 };
  const high = (positives + 1) / (positives + 2);
  const low = 1 / (negatives + 2);
  const targets = Float64Array.from(labels, (label) => (label === 1 ? high : low));
  const { intercept, weights } = fitLogistic({ width: 1, values: logits }, targets, penalty);
  const slope = at(weights, 0);
  return slope > 0 ? { slope, offset: intercept } : { slope: 1, offset: offsetOf(logits, targets) };
}

/** The offset by which probabilities and targets have the same mean, by bisection. */
function offsetOf(logits: Float64Array, targets: Float64Array): number {
  const wanted = targets.reduce((sum, target) => sum + target, 0);
  let [low, high] = [-50, 50];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    const sum = logits.reduce((total, logit) => total + logistic(logit + middle), 0);
    if (sum < wanted) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
