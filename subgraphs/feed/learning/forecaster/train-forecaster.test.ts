import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '#platform/database/database.ts';
import { databases } from '../../../../test/support/databases.ts';
import { catchUp, choose } from '../../test/learning.ts';
import { claimTraining } from '../model-version.ts';
import { seededRandom } from '../seeded-random.ts';
import { ModelShelf } from '../served-models.ts';
import { trainItemVectors } from '../train-item-vectors.ts';
import { featureNames } from '../../agents/ranking-features.ts';
import { impressionsOf, perTheme, publishThemes, store, themes } from './test/themed-impressions.ts';
import { trainForecaster } from './train-forecaster.ts';

/** The features of a candidate, 0 but for these. */
const features = (parts: Partial<Record<(typeof featureNames)[number], number>>): number[] =>
  featureNames.map((name) => parts[name] ?? 0);

describe.each(databases)('the forecaster on $kind', ({ open }) => {
  let database: Database;
  let shelf: ModelShelf;
  beforeAll(async () => {
    database = await open();
    await publishThemes(database);
    await store(database, impressionsOf(0.5, 0.05));
    await trainItemVectors(database, { method: 'text' });
    shelf = new ModelShelf(database);
  });
  afterAll(() => database.close());

  it('learns from impressions what people save, says how well, and replaces the version before', async () => {
    expect(shelf.forecaster).toBeNull();
    await database.prisma.feedForecaster.create({ data: { version: -1, parameters: {} } });
    const { version, fitted } = await trainForecaster(database);
    expect(fitted?.basis).toBe('impressions');
    expect(fitted?.figures.auc).toBeGreaterThan(0.75);
    expect(fitted?.figures.ece).toBeLessThan(0.1);
    await catchUp(database, [shelf.consumer]);
    expect(shelf.forecaster?.version).toBe(version);
    expect(await database.prisma.feedForecaster.count()).toBe(1);
    expect(await claimTraining(database, 'forecaster')).toBe(false);
    const probability = (parts: Parameters<typeof features>[0]): number =>
      shelf.forecaster?.probability(features(parts)) ?? 0;
    const near = probability({ neighbours: 0.8, tags: 0.9, vendor: 0.4, popularity: 0.8, quality: 0.5 });
    const far = probability({ popularity: 0.8, quality: 0.5 });
    expect(near).toBeGreaterThan(far + 0.05);
  });

  it('has nothing to learn from impressions where what was saved was saved too late', async () => {
    // A second later, each of them.
    expect((await trainForecaster(database, { windowMs: 500 })).fitted?.basis).toBe('choices');
    expect((await trainForecaster(database, { windowMs: 1_000 })).fitted?.basis).toBe('impressions');
  });

  it('leaves what is served where it is ended', async () => {
    const before = await database.prisma.feedForecaster.findMany();
    const signal = AbortSignal.abort(new Error('stopped'));
    await expect(trainForecaster(database, { signal })).rejects.toThrow('stopped');
    expect(await database.prisma.feedForecaster.findMany()).toEqual(before);
  });
});

describe.each(databases)('the forecaster without impressions on $kind', ({ open }) => {
  let database: Database;
  beforeAll(async () => {
    database = await open();
    await publishThemes(database);
  });
  afterAll(() => database.close());

  it('is none where there is too little to learn from', async () => {
    await choose(database, 'ada', ['rose-1', 'rose-2']);
    expect(await trainForecaster(database)).toMatchObject({ fitted: null });
    const shelf = new ModelShelf(database);
    await shelf.load();
    expect(shelf.forecaster).toBeNull();
  });

  it('learns from choices that are held out, by the base rate of all items', async () => {
    const random = seededRandom(12);
    for (let user = 0; user < 40; user++) {
      const chosen = new Set(
        Array.from({ length: 12 }, () => `${themes[user % 2]}-${Math.floor(random() * perTheme)}`),
      );
      await choose(database, `user-${user}`, [...chosen]);
    }
    const { fitted } = await trainForecaster(database);
    expect(fitted?.basis).toBe('choices');
    // Of two themes somebody loves one: more than 0.75 nobody could reach.
    expect(fitted?.figures.auc).toBeGreaterThan(0.65);
    // Fewer items are drawn than there are.
    expect(fitted?.parameters.shift).toBeLessThan(0);
  });
});
