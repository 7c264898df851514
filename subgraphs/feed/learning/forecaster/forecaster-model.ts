import { z } from 'zod';
import type { Database } from '#platform/database/database.ts';
import { at } from '../typed-array.ts';
import { expandedWidth, expandFeatures } from './expand-features.ts';
import { featureNames } from './feature-names.ts';
import { logistic } from './logistic.ts';

const columns = z.array(z.number()).length(expandedWidth);

/** What a forecast is computed from, as the database keeps it. */
export const forecasterParameters = z.object({
  /** The features that it was trained on, in their order. */
  features: z.array(z.string()).refine((names) => names.join() === featureNames.join()),
  intercept: z.number(),
  /** One for each number that `expandFeatures` makes, once less its mean: weight ÷ deviation. */
  weights: columns,
  means: columns,
  /** Platt's scaling. */
  slope: z.number(),
  offset: z.number(),
  /** What a base rate other than that of the training's rows adds to the logit. */
  shift: z.number(),
});

export type ForecasterParameters = z.infer<typeof forecasterParameters>;

/** Says how probable it is that a user saves, or asks about, what they are shown. */
export interface Forecaster {
  readonly version: number;
  /** 0..1, of one candidate's features, in the order of `featureNames`. */
  probability(features: ArrayLike<number>): number;
}

/** A version of the forecaster, in memory. */
export class ForecasterModel implements Forecaster {
  readonly version: number;
  readonly #parameters: ForecasterParameters;
  readonly #expanded = new Float64Array(expandedWidth);
  readonly #weights: Float64Array;
  readonly #intercept: number;

  constructor(version: number, parameters: ForecasterParameters) {
    this.version = version;
    this.#parameters = parameters;
    this.#weights = Float64Array.from(parameters.weights);
    this.#intercept = parameters.weights.reduce(
      (sum, weight, column) => sum - weight * (parameters.means[column] ?? 0),
      parameters.intercept,
    );
  }

  /** Reads the served version; null before the first training, and where it is of other features. */
  static async load(database: Database): Promise<ForecasterModel | null> {
    const model = await database.prisma.feedModelVersion.findUnique({ where: { name: 'forecaster' } });
    const row = await database.prisma.feedForecaster.findUnique({ where: { version: model?.version ?? 0 } });
    const parsed = forecasterParameters.safeParse(row?.parameters);
    return row === null || !parsed.success ? null : new ForecasterModel(row.version, parsed.data);
  }

  probability(features: ArrayLike<number>): number {
    const { slope, offset, shift } = this.#parameters;
    return logistic(slope * this.logit(features) + offset + shift);
  }

  /** Before calibration. */
  logit(features: ArrayLike<number>): number {
    expandFeatures(features, this.#expanded);
    let sum = this.#intercept;
    for (let column = 0; column < expandedWidth; column++) {
      sum += at(this.#weights, column) * at(this.#expanded, column);
    }
    return sum;
  }
}
