import { GrowthBookClient, type Experiment as GrowthBookExperiment } from '@growthbook/growthbook';
import { layerSize } from './allocate-layer.ts';
import type { Experiment, Variant } from './experiment.ts';

// Holds no features and fetches none: experiments are handed to it one by one.
const growthBook = new GrowthBookClient();

/**
 * The key of the variant that user `userId` gets in `experiment`, or null where the user takes no part. Says nothing
 * about whether the experiment runs.
 */
export function assignVariant(experiment: Experiment, userId: string): string | null {
  const definition = toGrowthBook(experiment, ({ key }) => key);
  if (definition === null) return null;
  const result = growthBook.runInlineExperiment(definition, { attributes: { id: userId } });
  return result.inExperiment ? result.value : null;
}

/**
 * The experiment in the words of GrowthBook's SDKs, which all assign alike by hash version 2; what a variant stands for
 * there is `valueOf` it. The seed names the phase, so that a restart assigns anew. In a layer the ranges are the
 * coverage. Null for fewer than two variants.
 */
export function toGrowthBook<T>(
  experiment: Experiment,
  valueOf: (variant: Variant) => T,
): GrowthBookExperiment<T> | null {
  const [first, second, ...others] = experiment.variants;
  if (first === undefined || second === undefined) return null;
  const variations: [T, T, ...T[]] = [valueOf(first), valueOf(second), ...others.map(valueOf)];
  const common = {
    key: experiment.key,
    phase: String(experiment.phase),
    seed: `${experiment.key}:${experiment.phase}`,
    hashAttribute: 'id',
    hashVersion: 2,
    variations,
    weights: experiment.variants.map((variant) => variant.weight),
    meta: experiment.variants.map((variant) => ({ key: variant.key })),
  };
  if (experiment.layer === null) return { ...common, coverage: experiment.coverage };
  return {
    ...common,
    coverage: 1,
    filters: [
      {
        seed: `layer:${experiment.layer}`,
        attribute: 'id',
        hashVersion: 2,
        ranges: experiment.layerRanges.map(({ from, to }) => [from / layerSize, to / layerSize]),
      },
    ],
  };
}
