import { z } from 'zod';
import type { Database } from '#platform/database/database.ts';
import { servedVersion } from '../model-version.ts';
import { expandedWidth, expandFeatures } from './expand-features.ts';
import { featureNames } from '../../agents/ranking-features.ts';
import { logistic, logitOf, type LogisticFit } from './logistic.ts';

/** What a forecast is computed from, as the database keeps it. */
export const forecasterParameters = z.object({
  /** The features that it was trained on, in their order. */
  features: z.array(z.string()).refine((names) => names.join() === featureNames.join()),
  intercept: z.number(),
  /** One for each number that `expandFeatures` makes. */
  weights: z.array(z.number()).length(expandedWidth),
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
  readonly #weights: LogisticFit;
  readonly #expanded = new Float64Array(expandedWidth);

  constructor(version: number, parameters: ForecasterParameters) {
    const { intercept, weights } = parameters;
    this.version = version;
    this.#parameters = parameters;
    this.#weights = { intercept, weights: Float64Array.from(weights) };
  }

  /** Reads the served version; null before the first training, and where it is of other features. */
  static async load(database: Database): Promise<ForecasterModel | null> {
    const version = await servedVersion(database.prisma, 'forecaster');
    const row = await database.prisma.feedForecaster.findUnique({ where: { version } });
    const parsed = forecasterParameters.safeParse(row?.parameters);
    return row === null || !parsed.success ? null : new ForecasterModel(row.version, parsed.data);
  }

  probability(features: ArrayLike<number>): number {
    const { slope, offset, shift } = this.#parameters;
    expandFeatures(features, this.#expanded);
    return logistic(slope * logitOf(this.#weights, this.#expanded) + offset + shift);
  }
}
