import { at } from '../typed-array.ts';
import { calibrate } from './calibrate.ts';
import { expandedWidth, expandFeatures, scaleOf } from './expand-features.ts';
import { featureNames } from './feature-names.ts';
import type { ForecasterParameters } from './forecaster-model.ts';
import { fitLogistic, logistic, logitOf } from './logistic.ts';
import { judgeForecasts, type ForecastFigures } from './reliability.ts';

/** Parts of the rows, each of which is forecast by what the others say. */
export const foldCount = 5;

/** Rows to learn from: of row r the features are `features[r · 10] …`. */
export interface ForecastRows {
  readonly features: Float64Array<ArrayBuffer>;
  /** 1 where it came to a save. */
  readonly labels: Uint8Array<ArrayBuffer>;
  /** The part of each row, below `foldCount`; rows of one user are in one. */
  readonly folds: Uint8Array<ArrayBuffer>;
  /** What is added to a logit when the base rate is another than that of the rows. */
  readonly shift: number;
}

export interface FittedForecaster {
  readonly parameters: ForecasterParameters;
  /** Of forecasts of each part by the others, at the base rate of the rows. */
  readonly figures: ForecastFigures;
}

/** Of coefficients of features with deviation 1: chosen of 3, 30 and 150 by the training's own figures. */
const penalty = 30;

/**
 * Fits weights on all rows. Each part of the rows is also forecast by weights that were fitted on the others: on those
 * logits, which are as good as those of new rows, the forecaster is calibrated. How good it is say forecasts of each part
 * that were calibrated on the others too.
 */
export function fitForecaster({ features, labels, folds, shift }: ForecastRows): FittedForecaster {
  const rows = expandAll(features);
  const everywhere = [...labels.keys()];
  const places = Array.from({ length: foldCount }, (_, fold) =>
    everywhere.filter((row) => folds[row] === fold),
  );
  const logits = new Float64Array(labels.length);
  for (const own of places) {
    const held = new Set(own);
    const weights = fitRows(
      rows,
      labels,
      everywhere.filter((row) => !held.has(row)),
    );
    for (const row of own) logits[row] = logitAt(weights, rows, row);
  }
  const forecasts = new Float64Array(labels.length);
  for (const own of places) {
    const held = new Set(own);
    const { slope, offset } = calibrateRows(
      logits,
      labels,
      everywhere.filter((row) => !held.has(row)),
    );
    for (const row of own) forecasts[row] = logistic(slope * at(logits, row) + offset);
  }
  return {
    parameters: {
      features: [...featureNames],
      ...fitRows(rows, labels, everywhere),
      ...calibrateRows(logits, labels, everywhere),
      shift,
    },
    figures: judgeForecasts(forecasts, labels),
  };
}

type Weights = Pick<ForecasterParameters, 'intercept' | 'weights'>;

/** Fits on some rows, scaled to mean 0 and deviation 1; returns weights of rows as they are. */
function fitRows(rows: Float64Array, labels: Uint8Array, places: readonly number[]): Weights {
  const values = new Float64Array(places.length * expandedWidth);
  for (const [place, row] of places.entries()) {
    values.set(rows.subarray(row * expandedWidth, (row + 1) * expandedWidth), place * expandedWidth);
  }
  const { means, deviations } = scaleOf(values);
  for (let index = 0; index < values.length; index++) {
    const column = index % expandedWidth;
    const deviation = at(deviations, column);
    values[index] = deviation === 0 ? 0 : (at(values, index) - at(means, column)) / deviation;
  }
  const targets = Float64Array.from(places, (row) => labels[row] ?? 0);
  const fit = fitLogistic({ width: expandedWidth, values }, targets, penalty);
  // What was the same in all rows says nothing.
  const weights = Array.from(fit.weights, (weight, column) =>
    at(deviations, column) === 0 ? 0 : weight / at(deviations, column),
  );
  const intercept = weights.reduce((sum, weight, column) => sum - weight * at(means, column), fit.intercept);
  return { intercept, weights };
}

function calibrateRows(logits: Float64Array, labels: Uint8Array, places: readonly number[]) {
  return calibrate(
    Float64Array.from(places, (row) => at(logits, row)),
    Uint8Array.from(places, (row) => labels[row] ?? 0),
  );
}

function logitAt({ intercept, weights }: Weights, rows: Float64Array, row: number): number {
  return logitOf({ intercept, weights: Float64Array.from(weights) }, rows, row * expandedWidth);
}

function expandAll(features: Float64Array): Float64Array {
  const width = featureNames.length;
  const count = features.length / width;
  const expanded = new Float64Array(count * expandedWidth);
  for (let row = 0; row < count; row++) {
    expandFeatures(features.subarray(row * width, (row + 1) * width), expanded, row * expandedWidth);
  }
  return expanded;
}
