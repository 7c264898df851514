import type { FeatureDefinition } from '@growthbook/growthbook';
import { toGrowthBook } from './assign.ts';
import type { Experiment, Variant } from './experiment.ts';

/** Features of GrowthBook's SDKs by key. */
export type Features = Readonly<Record<string, FeatureDefinition<unknown>>>;

/**
 * What `experiments` make of the features of the same keys. A running one assigns, as `assignVariant` does, and gives who
 * takes no part the control; a shipped one gives everybody the variant that was shipped. Any other makes no feature, so
 * that an application falls back to its own default. Holds variants' keys and values and nothing of any person.
 */
export function featuresOf(experiments: readonly Experiment[]): Features {
  return Object.fromEntries(
    experiments.flatMap((experiment) => {
      const feature = featureOf(experiment);
      return feature === null ? [] : [[experiment.key, feature]];
    }),
  );
}

function featureOf(experiment: Experiment): FeatureDefinition<unknown> | null {
  const { status, variants, shippedVariant } = experiment;
  if (status === 'SHIPPED') {
    const shipped = variants.find(({ key }) => key === shippedVariant);
    return shipped === undefined ? null : { defaultValue: valueOf(shipped) };
  }
  const control = variants.find(({ isControl }) => isControl);
  const rule = status === 'RUNNING' ? toGrowthBook(experiment, valueOf) : null;
  return rule === null || control === undefined ? null : { defaultValue: valueOf(control), rules: [rule] };
}

function valueOf({ valueJson }: Variant): unknown {
  return JSON.parse(valueJson);
}
