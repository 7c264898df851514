import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Database } from '#platform/database/database.ts';
import { createLogger } from '#platform/logging/logger.ts';
import { databases } from '../../../test/support/databases.ts';
import { addPopularity } from '../interactions/popularity.ts';
import type { FeedQuery } from '../pipeline/component.ts';
import { entries, publish } from '../test/catalogue.ts';
import { start } from '../test/open-feed.ts';
import { trendingCopy, TrendingShelf } from './trending-shelf.ts';

const query: FeedQuery = {
  subject: null,
  regions: ['US'],
  filter: { categories: [], regions: [], tags: [], vendorIds: null, minQuality: 0 },
  history: 'unseen',
  served: new Set(),
  size: 20,
  now: start,
  taste: null,
  segment: 'US:new',
};

const logger = createLogger('silent');

describe.each(databases)('what trends, on $kind', ({ open }) => {
  interface Scene {
    readonly database: Database;
    readonly folder: string;
    readonly shelf: () => TrendingShelf;
    /** Takes the database away. */
    readonly close: () => Promise<void>;
  }
  const begin = async (): Promise<Scene> => {
    const folder = mkdtempSync(join(tmpdir(), 'bq-trending-'));
    const database = await open();
    let closing: Promise<void> | null = null;
    const close = (): Promise<void> => (closing ??= database.close());
    onTestFinished(async () => {
      await close();
      rmSync(folder, { recursive: true, force: true });
    });
    await publish(database, entries('item', 30));
    await publish(
      database,
      entries('foreign', 5, () => ({ region: 'AT' })),
    );
    await database.transaction((tx) =>
      addPopularity(tx, [{ contentId: 'item-7', type: 'SAVE', occurredAt: start }]),
    );
    const shelf = (): TrendingShelf => new TrendingShelf(database, logger, trendingCopy(folder, logger));
    return { database, folder, shelf, close };
  };
  const started = async (shelf: TrendingShelf): Promise<TrendingShelf> => {
    await shelf.start();
    await shelf.stop();
    return shelf;
  };

  it('is on disk too, for a process that starts while the database is away', async () => {
    const { database, shelf, close } = await begin();
    const before = await started(shelf());
    await close();
    const items = (await started(shelf())).items(query);
    expect(items).toHaveLength(30);
    expect(items[0]?.id).toBe('item-7');
    expect(items).toEqual(before.items(query));
    expect((await started(new TrendingShelf(database, logger))).items(query)).toEqual([]);
  });

  it('is there before a database that hangs has answered', async () => {
    const { database, folder, shelf } = await begin();
    const before = await started(shelf());
    const { promise, resolve } = Promise.withResolvers<never[]>();
    const hanging = new TrendingShelf(
      { ...database, read: () => promise },
      logger,
      trendingCopy(folder, logger),
    );
    const starting = hanging.start();
    await expect.poll(() => hanging.items(query)).toEqual(before.items(query));
    resolve([]);
    await starting;
    await hanging.stop();
    expect(hanging.items(query)).toEqual([]);
  });

  it('is what the database says, wherever that answers, and read from no broken file', async () => {
    const { database, folder, shelf, close } = await begin();
    await started(shelf());
    await publish(database, entries('item', 31));
    expect((await started(shelf())).items(query)).toHaveLength(31);
    writeFileSync(join(folder, 'trending.jsonl'), '{"name":"trending"');
    expect((await started(shelf())).items(query)).toHaveLength(31);
    await close();
    writeFileSync(join(folder, 'trending.jsonl'), '{"name":"trending"');
    expect((await started(shelf())).items(query)).toEqual([]);
  });
});
