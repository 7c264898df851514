import { at } from '../typed-array.ts';
import { calibrate } from './calibrate.ts';
import { expandedWidth, expandFeatures } from './expand-features.ts';
import { featureNames } from '../../agents/ranking-features.ts';
import type { ForecasterParameters } from './forecaster-model.ts';
import { fitLogistic, logistic, logitOf, type LogisticFit } from './logistic.ts';
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

/**
 * Every number is 0 to 1, so the penalty is on weights as they are: what varies little gets little weight, and cannot make a
 * forecast of something that varies more than in training. Chosen of 0.3, 1 and 3 by the figures of a training on the
 * generated marketplace.
 */
const penalty = 0.3;

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
    const fit = fitRows(
      rows,
      labels,
      everywhere.filter((row) => !held.has(row)),
    );
    for (const row of own) logits[row] = logitOf(fit, rows, row * expandedWidth);
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
  const { intercept, weights } = fitRows(rows, labels, everywhere);
  return {
    parameters: {
      features: [...featureNames],
      intercept,
      weights: [...weights],
      ...calibrateRows(logits, labels, everywhere),
      shift,
    },
    figures: judgeForecasts(forecasts, labels),
  };
}

function fitRows(rows: Float64Array, labels: Uint8Array, places: readonly number[]): LogisticFit {
  const values = new Float64Array(places.length * expandedWidth);
  for (const [place, row] of places.entries()) {
    values.set(rows.subarray(row * expandedWidth, (row + 1) * expandedWidth), place * expandedWidth);
  }
  const targets = Float64Array.from(places, (row) => labels[row] ?? 0);
  return fitLogistic({ width: expandedWidth, values }, targets, penalty);
}

function calibrateRows(logits: Float64Array, labels: Uint8Array, places: readonly number[]) {
  return calibrate(
    Float64Array.from(places, (row) => at(logits, row)),
    Uint8Array.from(places, (row) => labels[row] ?? 0),
  );
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
