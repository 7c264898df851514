import { at } from '../learning/typed-array.ts';
import { featureNames, type FeatureName, type FeatureSource } from './ranking-features.ts';
import type { ScoringAgent } from './scoring-agent.ts';

/** Where the served forecaster is found; null before the first training. */
export interface ForecasterShelf {
  readonly forecaster: LoadedForecaster | null;
}

export interface LoadedForecaster {
  readonly version: number;
  /** The probability of a save, 0..1, by values in the order of `featureNames`. */
  probability(features: ArrayLike<number>): number;
}

/** Of logit p = b + Σ c · feature. A weighted mean of features of 0 gives 0.7 %, one of ½ gives 27 %. */
const untrained = {
  intercept: -5,
  coefficients: {
    neighbours: 4.4,
    vendorNeighbours: 0.22,
    vectors: 0.44,
    tags: 0.44,
    vendor: 0.88,
    popularity: 0.44,
    followed: 0.44,
    editorial: 0.44,
    freshness: 0.22,
    quality: 0.088,
  },
} as const satisfies { intercept: number; coefficients: Record<FeatureName, number> };

const coefficients = Float64Array.from(featureNames, (name) => untrained.coefficients[name]);

/** What stands in until one is trained: fixed coefficients, in the order of the weighted sum, calibrated on nothing. */
export const untrainedForecaster: LoadedForecaster = {
  version: 0,
  probability: (features) => {
    let logit: number = untrained.intercept;
    for (let index = 0; index < coefficients.length; index++) {
      logit += at(coefficients, index) * (features[index] ?? 0);
    }
    return 1 / (1 + Math.exp(-logit));
  },
};

/** The probability that the user saves the item, by a logistic model of all features. */
export function engagementForecaster(featuresOf: FeatureSource, shelf: ForecasterShelf): ScoringAgent {
  return {
    name: 'forecaster',
    description: 'The probability of a save, by a logistic model of what is known of user and item.',
    get version() {
      return `1.${shelf.forecaster?.version ?? 0}`;
    },
    kind: 'LOCAL',
    subject: 'USER',
    weight: 0.2,
    deadlineMs: 50,
    score: ({ query, candidates }) => {
      const model = shelf.forecaster ?? untrainedForecaster;
      const features = featuresOf(query, candidates);
      const columns = featureNames.map((name) => features[name]);
      const row = new Float64Array(columns.length);
      const scores = new Float64Array(candidates.length);
      for (let index = 0; index < scores.length; index++) {
        for (const [place, column] of columns.entries()) row[place] = at(column, index);
        scores[index] = model.probability(row);
      }
      return { scores, fallback: null, degraded: null };
    },
  };
}
