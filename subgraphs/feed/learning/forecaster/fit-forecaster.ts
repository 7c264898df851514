import { at } from '../typed-array.ts';
import { calibrate } from './calibrate.ts';
import { expandedWidth, expandFeatures, scaleOf } from './expand-features.ts';
import { featureNames } from './feature-names.ts';
import { ForecasterModel, type ForecasterParameters } from './forecaster-model.ts';
import { fitLogistic } from './logistic.ts';
import { judgeForecasts, type ForecastFigures } from './reliability.ts';

/** What a row is for. */
export const parts = { fit: 0, calibrate: 1, judge: 2 } as const;

/** Rows to learn from: of row r the features are `features[r · 10] …`. */
export interface ForecastRows {
  readonly features: Float64Array<ArrayBuffer>;
  /** 1 where it came to a save. */
  readonly labels: Uint8Array<ArrayBuffer>;
  /** One of `parts` for each row. */
  readonly parts: Uint8Array<ArrayBuffer>;
  /** What is added to a logit when the base rate is another than that of the rows. */
  readonly shift: number;
}

export interface FittedForecaster {
  readonly parameters: ForecasterParameters;
  /** On the rows that neither fit nor calibrate, at their base rate. */
  readonly figures: ForecastFigures;
}

/** Of coefficients of features with deviation 1; little beside thousands of rows. */
const penalty = 1;

/** Fits the weights on the first part of the rows, calibrates on the second and judges on the third. */
export function fitForecaster(rows: ForecastRows): FittedForecaster {
  const fitted = rowsOf(rows, parts.fit);
  const expanded = expandAll(fitted.features);
  const { means, deviations } = scaleOf(expanded);
  for (let index = 0; index < expanded.length; index++) {
    const column = index % expandedWidth;
    const deviation = at(deviations, column);
    expanded[index] = deviation === 0 ? 0 : (at(expanded, index) - at(means, column)) / deviation;
  }
  const fit = fitLogistic(
    { width: expandedWidth, values: expanded },
    Float64Array.from(fitted.labels),
    penalty,
  );
  const uncalibrated: ForecasterParameters = {
    features: [...featureNames],
    intercept: fit.intercept,
    // What was the same in all rows says nothing.
    weights: Array.from(fit.weights, (weight, column) =>
      at(deviations, column) === 0 ? 0 : weight / at(deviations, column),
    ),
    means: [...means],
    slope: 1,
    offset: 0,
    shift: 0,
  };
  const calibration = rowsOf(rows, parts.calibrate);
  const logits = forecastsOf(uncalibrated, calibration.features, (model, row) => model.logit(row));
  const calibrated = { ...uncalibrated, ...calibrate(logits, calibration.labels) };
  const judged = rowsOf(rows, parts.judge);
  const forecasts = forecastsOf(calibrated, judged.features, (model, row) => model.probability(row));
  return {
    parameters: { ...calibrated, shift: rows.shift },
    figures: judgeForecasts(forecasts, judged.labels),
  };
}

const width = featureNames.length;

function rowsOf({ features, labels, parts: own }: ForecastRows, part: number) {
  const places = [...labels.keys()].filter((row) => own[row] === part);
  const picked = new Float64Array(places.length * width);
  for (const [place, row] of places.entries()) {
    picked.set(features.subarray(row * width, (row + 1) * width), place * width);
  }
  return { features: picked, labels: Uint8Array.from(places, (row) => labels[row] ?? 0) };
}

function expandAll(features: Float64Array): Float64Array {
  const count = features.length / width;
  const expanded = new Float64Array(count * expandedWidth);
  for (let row = 0; row < count; row++) {
    expandFeatures(features.subarray(row * width, (row + 1) * width), expanded, row * expandedWidth);
  }
  return expanded;
}

function forecastsOf(
  parameters: ForecasterParameters,
  features: Float64Array,
  forecast: (model: ForecasterModel, row: Float64Array) => number,
): Float64Array {
  const model = new ForecasterModel(0, parameters);
  return Float64Array.from({ length: features.length / width }, (_, row) =>
    forecast(model, features.subarray(row * width, (row + 1) * width)),
  );
}
