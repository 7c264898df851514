import { GrowthBook, type FeatureDefinition } from '@growthbook/growthbook';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allocateLayer } from './allocate-layer.ts';
import { assignVariant } from './assign.ts';
import type { Experiment } from './experiment.ts';
import { featuresOf } from './features.ts';

function experimentOf(overrides: Partial<Experiment> = {}): Experiment {
  return {
    key: 'bigger-cards',
    name: 'A name that users shall not read',
    hypothesis: 'A hypothesis that users shall not read.',
    owner: 'ada@example.com',
    status: 'RUNNING',
    layer: null,
    coverage: 1,
    phase: 3,
    variants: [
      { key: 'small', weight: 0.25, valueJson: '{"columns": 3}', isControl: false },
      { key: 'big', weight: 0.75, valueJson: '{"columns": 2}', isControl: true },
    ],
    metrics: [],
    startedAt: new Date(0),
    stoppedAt: null,
    shippedVariant: null,
    layerRanges: [],
    ...overrides,
  };
}

/** The features as an SDK reads them: through JSON. */
function served(...experiments: Experiment[]): Record<string, FeatureDefinition> {
  return JSON.parse(JSON.stringify(featuresOf(experiments)));
}

describe('featuresOf', () => {
  it('writes a running experiment as one rule, with its phase, over the control', () => {
    expect(served(experimentOf({ coverage: 0.4 }))).toEqual({
      'bigger-cards': {
        defaultValue: { columns: 2 },
        rules: [
          {
            key: 'bigger-cards',
            phase: '3',
            seed: 'bigger-cards:3',
            hashAttribute: 'id',
            hashVersion: 2,
            variations: [{ columns: 3 }, { columns: 2 }],
            weights: [0.25, 0.75],
            meta: [{ key: 'small' }, { key: 'big' }],
            coverage: 0.4,
          },
        ],
      },
    });
  });

  it('writes a part of a layer as a filter', () => {
    const layerRanges = [
      { from: 0, to: 1_000 },
      { from: 2_500, to: 3_000 },
    ];
    expect(served(experimentOf({ layer: 'cards', coverage: 0.15, layerRanges }))).toMatchObject({
      'bigger-cards': {
        rules: [
          {
            coverage: 1,
            filters: [
              {
                seed: 'layer:cards',
                attribute: 'id',
                hashVersion: 2,
                ranges: [
                  [0, 0.1],
                  [0.25, 0.3],
                ],
              },
            ],
          },
        ],
      },
    });
  });

  it('gives everybody what is shipped, and knows no draft and nothing that was stopped', () => {
    const features = served(
      experimentOf({ key: 'shipped', status: 'SHIPPED', shippedVariant: 'small' }),
      experimentOf({ key: 'draft', status: 'DRAFT' }),
      experimentOf({ key: 'stopped', status: 'STOPPED' }),
    );
    expect(features).toEqual({ shipped: { defaultValue: { columns: 3 } } });
  });

  it('says nothing of people and plans', () => {
    const text = JSON.stringify(served(experimentOf(), experimentOf({ key: 'two', layer: 'cards' })));
    expect(text).not.toMatch(/ada|users shall not read|metrics|startedAt/);
  });

  it('makes a stock SDK assign as `assignVariant` does, for any id and definition', () => {
    const shares = fc.double({ min: 0.01, max: 0.99, noNaN: true });
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, maxLength: 128 }),
        shares,
        shares,
        fc.option(fc.constantFrom('cards', 'search')),
        fc.nat(9),
        (id, weight, coverage, layer, phase) => {
          const [small, big] = experimentOf().variants;
          if (small === undefined || big === undefined) throw new Error('There are two variants.');
          const experiment = experimentOf({
            layer,
            coverage,
            phase,
            layerRanges: layer === null ? [] : (allocateLayer([{ from: 50, to: 60 }], coverage * 0.9) ?? []),
            variants: [
              { ...small, weight },
              { ...big, weight: 1 - weight },
            ],
          });
          const sdk = new GrowthBook({ attributes: { id } }).initSync({
            payload: { features: served(experiment) },
          });
          const { experimentResult, value } = sdk.evalFeature(experiment.key);
          const variant = assignVariant(experiment, id);
          expect(experimentResult?.inExperiment === true ? experimentResult.key : null).toBe(variant);
          expect(value).toEqual({ columns: variant === 'small' ? 3 : 2 });
        },
      ),
    );
  });
});
