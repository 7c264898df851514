import { GrowthBook } from '@growthbook/growthbook';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allocateLayer } from './allocate-layer.ts';
import { assignVariant, toGrowthBook } from './assign.ts';
import type { Experiment } from './experiment.ts';

function experimentOf(overrides: Partial<Experiment> & { weights?: readonly number[] }): Experiment {
  const { weights = [0.5, 0.5], ...rest } = overrides;
  return {
    key: 'bigger-cards',
    name: 'Bigger cards',
    hypothesis: 'Bigger cards are saved more often.',
    owner: 'ada',
    status: 'RUNNING',
    layer: null,
    coverage: 1,
    phase: 1,
    variants: weights.map((weight, index) => ({
      key: `variant-${index}`,
      weight,
      valueJson: String(index),
      isControl: index === 0,
    })),
    metrics: [],
    startedAt: new Date(0),
    stoppedAt: null,
    shippedVariant: null,
    layerRanges: [],
    ...rest,
  };
}

const users = Array.from({ length: 20_000 }, (_, index) => `user-${index}`);

/** Pearson's χ² of counts against shares that add up to 1. */
function chiSquare(counts: readonly number[], shares: readonly number[]): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.reduce((sum, count, index) => {
    const expected = total * (shares[index] ?? 0);
    return sum + (count - expected) ** 2 / expected;
  }, 0);
}

function countVariants(experiment: Experiment): { counts: number[]; outside: number } {
  const assigned = users.map((user) => assignVariant(experiment, user));
  return {
    counts: experiment.variants.map(({ key }) => assigned.filter((variant) => variant === key).length),
    outside: assigned.filter((variant) => variant === null).length,
  };
}

describe('assignVariant', () => {
  it('gives each variant its share', () => {
    // χ² with 2 degrees of freedom exceeds 13.8 in 1 of 1,000 fair assignments; these are fixed, so never flaky.
    for (const key of ['bigger-cards', 'warm-colours', 'fewer-badges']) {
      const weights = [0.5, 0.3, 0.2];
      const { counts, outside } = countVariants(experimentOf({ key, weights }));
      expect(outside).toBe(0);
      expect(chiSquare(counts, weights)).toBeLessThan(13.8);
    }
  });

  it('takes the coverage alone, in equal parts of every variant', () => {
    const { counts, outside } = countVariants(experimentOf({ coverage: 0.4 }));
    // χ² with 2 degrees of freedom.
    expect(chiSquare([...counts, outside], [0.2, 0.2, 0.6])).toBeLessThan(13.8);
  });

  it('assigns a phase independently of the one before', () => {
    const first = experimentOf({ phase: 1 });
    const second = experimentOf({ phase: 2 });
    const same = users.filter((user) => assignVariant(first, user) === assignVariant(second, user)).length;
    // χ² with 1 degree of freedom.
    expect(chiSquare([same, users.length - same], [0.5, 0.5])).toBeLessThan(10.8);
  });

  it('is the same every time and in another GrowthBook SDK instance, for any id', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, maxLength: 128 }),
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        (id, weight, coverage) => {
          const experiment = experimentOf({ weights: [weight, 1 - weight], coverage });
          const variant = assignVariant(experiment, id);
          expect(assignVariant(experiment, id)).toBe(variant);
          const definition = toGrowthBook(experiment);
          if (definition === null) throw new Error('The experiment has two variants.');
          const result = new GrowthBook({ attributes: { id } }).run(definition);
          expect(result.inExperiment ? result.value : null).toBe(variant);
        },
      ),
    );
  });

  it('never puts a user into two experiments of a layer, and fills it to its coverage', () => {
    const coverages = [0.25, 0.4, 0.35];
    const experiments: Experiment[] = [];
    for (const [index, coverage] of coverages.entries()) {
      const layerRanges =
        allocateLayer(
          experiments.flatMap((experiment) => experiment.layerRanges),
          coverage,
        ) ?? [];
      experiments.push(experimentOf({ key: `layered-${index}`, layer: 'cards', coverage, layerRanges }));
    }
    const counts = coverages.map(() => 0);
    for (const user of users) {
      const inside = experiments.map((experiment) => assignVariant(experiment, user) !== null);
      expect(inside.filter(Boolean)).toHaveLength(1);
      const index = inside.indexOf(true);
      counts[index] = (counts[index] ?? 0) + 1;
    }
    expect(chiSquare(counts, coverages)).toBeLessThan(13.8);
    // Within its part of the layer a variant's share is its weight still.
    const [first] = experiments;
    if (first === undefined) throw new Error('There are three experiments.');
    expect(chiSquare(countVariants(first).counts, [0.5, 0.5])).toBeLessThan(10.8);
  });
});
