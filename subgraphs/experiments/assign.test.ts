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
          const definition = toGrowthBook(experiment, ({ key }) => key);
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

  it('assigns independently in different layers, and outside of layers', () => {
    const layered = (key: string, layer: string | null): Experiment =>
      experimentOf({
        key,
        layer,
        coverage: 0.6,
        layerRanges: layer === null ? [] : [{ from: 2_000, to: 8_000 }],
      });
    const experiments = [
      layered('in-cards', 'cards'),
      layered('in-search', 'search'),
      layered('free-1', null),
      layered('free-2', null),
    ];
    const assigned = experiments.map((experiment) => users.map((user) => assignVariant(experiment, user)));
    for (const [index, first] of assigned.entries()) {
      for (const second of assigned.slice(index + 1)) {
        // χ² with 4 degrees of freedom (two variants and outside, of each) exceeds 18.5 in 1 of 1,000 independent pairs.
        expect(independence(first, second)).toBeLessThan(18.5);
      }
    }
    // The same statistic sees what depends: of one layer, who is in one experiment is not in the other.
    const other = experimentOf({
      key: 'other',
      layer: 'cards',
      layerRanges: [
        { from: 0, to: 2_000 },
        { from: 8_000, to: 10_000 },
      ],
    });
    const others = users.map((user) => assignVariant(other, user));
    expect(independence(assigned[0] ?? [], others)).toBeGreaterThan(1_000);
  });
});

/** Pearson's χ² of the table of two assignments of the same users against independence. */
function independence(first: readonly (string | null)[], second: readonly (string | null)[]): number {
  const shareOf = (values: readonly (string | null)[], value: string | null): number =>
    values.filter((each) => each === value).length / values.length;
  let sum = 0;
  for (const a of new Set(first)) {
    for (const b of new Set(second)) {
      const seen = first.filter((value, index) => value === a && second[index] === b).length;
      const expected = first.length * shareOf(first, a) * shareOf(second, b);
      sum += (seen - expected) ** 2 / expected;
    }
  }
  return sum;
}
