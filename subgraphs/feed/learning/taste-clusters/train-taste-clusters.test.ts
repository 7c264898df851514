import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '#platform/database/database.ts';
import { databases } from '../../../../test/support/databases.ts';
import { tasteHydrator } from '../../hydrators/taste-hydrator.ts';
import { importInteractions } from '../../import-interactions.ts';
import { queryOf } from '../../test/candidates.ts';
import { entries, publish } from '../../test/catalogue.ts';
import { catchUp, choose } from '../../test/learning.ts';
import { start } from '../../test/open-feed.ts';
import { serveVersion } from '../model-version.ts';
import { ModelShelf } from '../served-models.ts';
import { storeVectors } from '../vector-store.ts';
import { trainTasteClusters } from './train-taste-clusters.ts';

const themes = ['roses', 'barns', 'cakes'];
const perTheme = 20;

describe.each(databases)('taste clusters on $kind', ({ open }) => {
  let database: Database;
  let shelf: ModelShelf;

  /** Vectors of a version, by which a theme's items lie along an axis of their own. */
  const serveVectorsAlong = async (version: number, axes: readonly number[]): Promise<void> => {
    const rows = themes.flatMap((theme, number) =>
      Array.from({ length: perTheme }, (_, index) => ({
        id: `${theme}-${index}`,
        vector: Float32Array.from([0, 1, 2, 3], (axis) =>
          axis === axes[number] ? 2 : ((index + axis) % 5) / 20,
        ),
      })),
    );
    await database.transaction(async (tx) => {
      await storeVectors(tx, version, rows, true);
      await serveVersion(tx, 'item-vectors', { version, positives: 0n, method: 'deep' });
      await tx.feedItemVector.deleteMany({ where: { version: { lt: version } } });
    });
  };
  const segmentOf = async (subject: string, regions: readonly string[] | null = null): Promise<string> =>
    (await tasteHydrator(database, shelf, { deadlineMs: 20_000 }).hydrate(queryOf({ subject, regions })))
      .segment;
  const lovers = (theme: string): Promise<string[]> =>
    Promise.all(Array.from({ length: 6 }, (_, index) => segmentOf(`${theme}-lover-${index}`)));

  beforeAll(async () => {
    database = await open();
    shelf = new ModelShelf(database);
    await publish(
      database,
      themes.flatMap((theme) => entries(theme, perTheme)),
    );
    await serveVectorsAlong(1, [0, 1, 2]);
  });
  afterAll(() => database.close());

  it('names everybody new as long as there was nobody to learn from', async () => {
    expect(await trainTasteClusters(database)).toEqual({ version: 1, clusters: 0, users: 0 });
    await shelf.load();
    expect(shelf.tasteClusters).toBeNull();
    expect(await segmentOf('roses-lover-0', ['AT'])).toBe('AT:new');
  });

  it('puts people who choose alike into one segment of their region', async () => {
    const rows = themes.flatMap((theme) =>
      Array.from({ length: 21 }, (_, user) =>
        // The last one of each theme has chosen too little.
        Array.from({ length: user === 20 ? 4 : 6 }, (__, index) => ({
          id: `history-${index}`,
          userId: user === 20 ? `${theme}-novice` : `${theme}-lover-${user}`,
          contentId: `${theme}-${(user + 3 * index) % perTheme}`,
          type: 'SAVE' as const,
          occurredAt: start,
        })),
      ).flat(),
    );
    await database.transaction((tx) => importInteractions(tx, rows));
    expect(await trainTasteClusters(database)).toEqual({ version: 2, clusters: 3, users: 60 });
    await catchUp(database, [shelf.consumer]);
    const segments = [];
    for (const theme of themes) {
      const [segment = '', ...others] = await lovers(theme);
      expect(segment).toMatch(/^\*:[012]$/);
      expect(new Set(others)).toEqual(new Set([segment]));
      segments.push(segment);
    }
    expect(new Set(segments).size).toBe(3);
    expect(await segmentOf('roses-lover-0', ['AT'])).toBe(`AT:${segments[0]?.slice(2)}`);
  });

  it('calls those new who have chosen fewer than five items', async () => {
    expect(await segmentOf('roses-novice')).toBe('*:new');
    expect(await segmentOf('nobody')).toBe('*:new');
    await choose(database, 'roses-novice', ['roses-19']);
    expect(await segmentOf('roses-novice')).toBe((await lovers('roses'))[0]);
  });

  it('keeps the numbers when clusters are found anew, among the same vectors and among others', async () => {
    const before = [];
    for (const theme of themes) before.push(...(await lovers(theme)));
    await trainTasteClusters(database);
    await shelf.load();
    await serveVectorsAlong(2, [3, 0, 1]);
    // What is served lies among vectors that are gone.
    expect(await segmentOf('roses-lover-0')).toBe('*:new');
    await trainTasteClusters(database);
    await shelf.load();
    const after = [];
    for (const theme of themes) after.push(...(await lovers(theme)));
    expect(after).toEqual(before);
    expect(await database.prisma.feedTasteCluster.count()).toBe(3);
  });
});
