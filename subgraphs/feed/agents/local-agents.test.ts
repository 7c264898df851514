import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scoreWeights } from '../scorers/weighted-sum-scorer.ts';
import { queryOf } from '../test/candidates.ts';
import { anyTraits, candidateWith, noTraits, tasteFor, traitFeatures, type Traits } from '../test/traits.ts';
import { untrainedForecaster, type ForecasterShelf } from './engagement-forecaster.ts';
import { houseModule } from './house-module.ts';
import { panelOf, panelVersion } from './panel.ts';
import { featureNames } from './ranking-features.ts';

const untrained: ForecasterShelf = { forecaster: null };

/** What each agent of `six` gives candidates with these traits, by agent. */
async function scoresOf(
  all: readonly Partial<Traits>[],
  forecasters: ForecasterShelf = untrained,
): Promise<Readonly<Record<string, number[]>>> {
  const traits = all.map((own) => ({ ...noTraits, ...own }));
  const candidates = traits.map((given, index) => candidateWith(given, index));
  const query = queryOf({ taste: tasteFor(traits) });
  const { signal } = new AbortController();
  const { agents } = panelOf('six', {
    featuresOf: traitFeatures(),
    forecasters,
    customModule: () => houseModule,
  });
  const scores: Record<string, number[]> = {};
  for (const agent of agents) {
    scores[agent.name] = [...(await agent.score({ query, candidates, signal })).scores];
  }
  return scores;
}

describe('the local agents', () => {
  it('stay from 0 to 1', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyTraits, { minLength: 1, maxLength: 20 }), async (all) => {
        for (const [name, scores] of Object.entries(await scoresOf(all))) {
          expect(scores, name).toHaveLength(all.length);
          for (const score of scores) {
            expect(score, name).toBeGreaterThanOrEqual(0);
            expect(score, name).toBeLessThanOrEqual(1 + 1e-9);
          }
        }
      }),
    );
  });

  it('share the parts of the weighted sum: `four` has its order, but for what quality counts more', async () => {
    const { agents } = panelOf('four', {
      featuresOf: traitFeatures(),
      forecasters: untrained,
      customModule: () => houseModule,
    });
    await fc.assert(
      fc.asyncProperty(fc.array(anyTraits, { minLength: 1, maxLength: 20 }), async (all) => {
        const scores = await scoresOf(all);
        const candidates = all.map((given, index) => candidateWith(given, index));
        const features = traitFeatures()(queryOf({ taste: tasteFor(all) }), candidates);
        for (const index of all.keys()) {
          const panel = agents.reduce(
            (sum, { name, weight }) =>
              sum + (name === 'quality' ? scoreWeights.quality : weight) * (scores[name]?.[index] ?? 0),
            0,
          );
          const sum = featureNames.reduce(
            (total, name) => total + scoreWeights[name] * (features[name][index] ?? 0),
            0,
          );
          expect(panel).toBeCloseTo(sum, 10);
        }
      }),
    );
  });

  it('Discovery prefers what is near and of a vendor who is new to the user, popular, fresh or picked', async () => {
    const near = { similarity: 9 };
    const { discovery = [] } = await scoresOf([
      near,
      { ...near, vendorChoices: 3 },
      { ...near, vendorChoices: 15 },
      { ...near, log2Popularity: 5 },
      { ...near, ageDays: 0 },
      { ...near, editorial: true },
    ]);
    const [plain = 0, known = 0, wellKnown = 0, ...better] = discovery;
    expect(plain).toBeGreaterThan(known);
    expect(known).toBeGreaterThan(wellKnown);
    expect(better.every((score) => score > plain)).toBe(true);
  });

  it('Quality is the craft of the entry alone', async () => {
    const { quality } = await scoresOf([
      { quality: 0.4, similarity: 30, followed: true },
      { quality: 0.9 },
      {},
    ]);
    expect(quality).toEqual([0.4, 0.9, 0]);
  });

  it('the Archivist prefers usual themes and vendors, Serendipity what is near without them', async () => {
    const near = { similarity: 9 };
    const { archivist = [], serendipity = [] } = await scoresOf([
      near,
      { ...near, tags: ['liked'] },
      { ...near, vendorChoices: 7 },
      { ...near, followed: true },
      { tags: ['liked'] },
      { tags: ['rare'] },
    ]);
    expect(archivist.slice(1, 4).every((score) => score > (archivist[0] ?? 1))).toBe(true);
    expect(serendipity[0]).toBeCloseTo(0.5, 12);
    // The theme is all the user's, or nobody like the user has chosen it.
    expect([serendipity[1], serendipity[4], serendipity[5]]).toEqual([0, 0, 0]);
  });

  it('the forecaster gives the probability of its model, of all features in their order', async () => {
    const rows: number[][] = [];
    const forecaster = {
      version: 3,
      probability: (features: ArrayLike<number>) => {
        rows.push(Array.from(features));
        return 0.25;
      },
    };
    const { forecaster: scores } = await scoresOf([{ quality: 0.7, followed: true }, {}], { forecaster });
    expect(scores).toEqual([0.25, 0.25]);
    expect(rows[0]).toEqual(
      featureNames.map((name) => (name === 'quality' ? 0.7 : name === 'followed' ? 1 : 0)),
    );
  });

  it('the forecaster before any training gives what docs/reference/agents.md says, and more for more', async () => {
    const zero = new Float64Array(featureNames.length);
    expect(untrainedForecaster.probability(zero)).toBeCloseTo(0.0067, 4);
    expect(untrainedForecaster.probability(zero.map(() => 0.5))).toBeCloseTo(0.27, 2);
    for (const place of featureNames.keys()) {
      const more = Float64Array.from(zero, (_, index) => (index === place ? 1 : 0));
      expect(untrainedForecaster.probability(more)).toBeGreaterThan(untrainedForecaster.probability(zero));
    }
  });

  it("the house's own module wants picks, followed vendors and news", async () => {
    const { custom } = await scoresOf([{ editorial: true }, { followed: true }, { ageDays: 0 }, {}]);
    expect(custom).toEqual([0.5, 0.25, 0.25, 0]);
  });
});

describe('panelVersion', () => {
  const parts = { featuresOf: traitFeatures(), customModule: () => houseModule };
  const version = (forecasters: ForecasterShelf, name: 'four' | 'six' = 'six', weight?: number): string =>
    panelVersion(
      panelOf(name, { ...parts, forecasters }, (agent) => ({ ...agent, weight: weight ?? agent.weight })),
    );

  it('changes with the panel, a weight and a version of an agent', () => {
    const trained = { forecaster: { version: 3, probability: () => 0.5 } };
    const versions = [
      version(untrained),
      version(untrained, 'four'),
      version(trained),
      version(untrained, 'six', 2),
    ];
    expect(new Set(versions).size).toBe(4);
    expect(version(untrained)).toBe(versions[0]);
    expect(versions[1]).toMatch(/^four-[0-9a-f]{10}$/);
  });
});
