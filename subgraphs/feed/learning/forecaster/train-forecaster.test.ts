import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '#platform/database/database.ts';
import { databases } from '../../../../test/support/databases.ts';
import { importInteractions, type ImportedInteraction } from '../../import-interactions.ts';
import { entries, publish } from '../../test/catalogue.ts';
import { catchUp, choose, eventsOf } from '../../test/learning.ts';
import { start } from '../../test/open-feed.ts';
import { claimTraining } from '../model-version.ts';
import { seededRandom } from '../seeded-random.ts';
import { ModelShelf } from '../served-models.ts';
import { trainItemVectors } from '../train-item-vectors.ts';
import { featureNames } from './feature-names.ts';
import { trainForecaster } from './train-forecaster.ts';

const themes = ['rose', 'barn'];
const perTheme = 80;
const dayMs = 86_400_000;

/** The features of a candidate, 0 but for these. */
const features = (parts: Partial<Record<(typeof featureNames)[number], number>>): number[] =>
  featureNames.map((name) => parts[name] ?? 0);

async function publishThemes(database: Database): Promise<void> {
  await publish(
    database,
    themes.flatMap((theme) =>
      entries(theme, perTheme, (index) => ({ tags: [theme], vendorId: `${theme}-vendor-${index % 8}` })),
    ),
  );
}

/** Shows four items a day to 30 people; they save one of `theme` that they love, or one that they do not, by these chances. */
function impressionsOf(loved: number, other: number): ImportedInteraction[] {
  const random = seededRandom(11);
  const rows: ImportedInteraction[] = [];
  for (let user = 0; user < 30; user++) {
    for (let sight = 0; sight < 100; sight++) {
      const theme = themes[Math.floor(random() * 2)] ?? '';
      const at = start.getTime() + Math.floor(sight / 4) * dayMs + (sight % 4) * 60_000;
      const row = {
        userId: `user-${user}`,
        contentId: `${theme}-${Math.floor(random() * perTheme)}`,
      };
      rows.push({ ...row, id: `shown-${sight}`, type: 'IMPRESSION', occurredAt: new Date(at) });
      if (random() >= (theme === themes[user % 2] ? loved : other)) continue;
      rows.push({ ...row, id: `saved-${sight}`, type: 'SAVE', occurredAt: new Date(at + 1_000) });
    }
  }
  return rows;
}

const store = (database: Database, rows: readonly ImportedInteraction[]) =>
  database.transaction((tx) => importInteractions(tx, rows));

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

  it('learns from impressions what people save, and says how well', async () => {
    expect(shelf.forecaster).toBeNull();
    const { version, fitted } = await trainForecaster(database);
    expect(fitted?.basis).toBe('impressions');
    expect(fitted?.figures.auc).toBeGreaterThan(0.75);
    expect(fitted?.figures.ece).toBeLessThan(0.12);
    await catchUp(database, [shelf.consumer]);
    expect(shelf.forecaster?.version).toBe(version);
    const probability = (parts: Parameters<typeof features>[0]): number =>
      shelf.forecaster?.probability(features(parts)) ?? 0;
    const near = probability({ neighbours: 0.8, tags: 0.9, vendor: 0.4, popularity: 0.8, quality: 0.5 });
    const far = probability({ popularity: 0.8, quality: 0.5 });
    expect(near).toBeGreaterThan(0.25);
    expect(far).toBeLessThan(0.2);
  });

  it('replaces the version before, and tells every process', async () => {
    const { version } = await trainForecaster(database);
    expect(await database.prisma.feedForecaster.findMany({ select: { version: true } })).toEqual([
      { version },
    ]);
    expect(await eventsOf(database)).toContainEqual(
      expect.objectContaining({ type: 'model.trained', payload: { name: 'forecaster', version } }),
    );
    expect(await claimTraining(database, 'forecaster')).toBe(false);
  });

  it('leaves what is served where it is ended', async () => {
    const before = await database.prisma.feedForecaster.findMany();
    const signal = AbortSignal.abort(new Error('stopped'));
    await expect(trainForecaster(database, { signal })).rejects.toThrow('stopped');
    expect(await database.prisma.feedForecaster.findMany()).toEqual(before);
  });
});

describe.each(databases)('a forecaster of chance on $kind', ({ open }) => {
  it('knows nothing: no save tells of itself by the models', async () => {
    const database = await open();
    try {
      await publishThemes(database);
      await store(database, impressionsOf(0.3, 0.3));
      const { fitted } = await trainForecaster(database);
      expect(fitted?.figures.auc).toBeGreaterThan(0.35);
      expect(fitted?.figures.auc).toBeLessThan(0.65);
    } finally {
      await database.close();
    }
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
    expect(fitted?.figures.auc).toBeGreaterThan(0.75);
    // Fewer items are drawn than there are.
    expect(fitted?.parameters.shift).toBeLessThan(0);
  });
});
