import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '#platform/database/database.ts';
import { drainConsumer } from '#platform/events/once-consumer.ts';
import { appendEvent, inTransactionWithEvents } from '#platform/events/outbox.ts';
import { createLogger } from '#platform/logging/logger.ts';
import { createUsearchIndex } from '#platform/vectors/usearch-index.ts';
import type { VectorIndex } from '#platform/vectors/vector-index.ts';
import { databases } from '../../../test/support/databases.ts';
import { serveVersion } from '../learning/model-version.ts';
import { trainItemVectors } from '../learning/train-item-vectors.ts';
import { decodeVector, encodeVector } from '../learning/vector-bytes.ts';
import { entries, entry, publish, withdraw } from '../test/catalogue.ts';
import { catchUp, choose } from '../test/learning.ts';
import { start } from '../test/open-feed.ts';
import { VectorSupply } from './vector-supply.ts';

const later = (minutes: number): Date => new Date(start.getTime() + minutes * 60_000);

describe.each(databases)('the supply of a vector index on $kind', ({ open }) => {
  let database: Database;
  let index: VectorIndex;
  let supply: VectorSupply;
  let rebuilds = 0;
  let items = 100;
  /** An item that no test has changed yet. */
  const freshItem = (): string => `item-${items++}`;
  beforeAll(async () => {
    database = await open();
    await publish(
      database,
      entries('item', 1_203, (place) => ({
        region: place % 2 === 0 ? 'US' : 'DE',
        tags: ['common', `t${place % 3}`],
      })),
    );
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    await database.prisma.$executeRaw`DELETE FROM events.outbox`;
    index = createUsearchIndex();
    rebuilds = 0;
    const counted: VectorIndex = {
      upsert: (points) => index.upsert(points),
      remove: (ids) => index.remove(ids),
      search: (query) => index.search(query),
      replaceAll: (points, rebuild) => {
        rebuilds++;
        return index.replaceAll(points, rebuild);
      },
      version: () => index.version(),
      count: () => index.count(),
      close: () => index.close(),
    };
    supply = new VectorSupply(database, counted, createLogger('silent'));
    return () => supply.stop();
  });

  const train = async (): Promise<string> => {
    for (let user = 0; user < 12; user++) {
      await choose(
        database,
        `user-${user}`,
        [0, 1, 2, 3].map((step) => `item-${(user * 2 + step) % 24}`),
      );
    }
    return String((await trainItemVectors(database, { method: 'deep' })).version);
  };
  const servedVector = async (contentId: string): Promise<Float32Array> => {
    const { version } = await supply.supplied();
    const row = await database.prisma.feedItemVector.findUniqueOrThrow({
      where: { version_contentId: { version, contentId } },
    });
    return decodeVector(row.vector);
  };
  const write = async (contentId: string, vector: Float32Array): Promise<void> => {
    const { version } = await supply.supplied();
    await database.prisma.feedItemVector.update({
      where: { version_contentId: { version, contentId } },
      data: { vector: encodeVector(vector) },
    });
  };
  /** The item that a region's segments have nearest to `vector`. */
  const nearest = async (vector: Float32Array, region: string | null = null): Promise<string | undefined> => {
    const regions = region === null ? null : [region];
    return (await index.search({ vector, limit: 1, regions, categories: [] }))[0]?.id;
  };
  const raise = async (
    type: 'vectors.changed' | 'content.removed',
    ...contentIds: string[]
  ): Promise<void> => {
    const { version } = await supply.supplied();
    await inTransactionWithEvents(database, (tx) =>
      type === 'vectors.changed'
        ? appendEvent(tx, type, { version, contentIds })
        : appendEvent(tx, type, { contentIds }),
    );
  };

  it('fills nothing before the first training', async () => {
    await supply.refill();
    await raise('vectors.changed', 'item-0');
    await catchUp(database, [supply.consumer]);
    expect([await index.count(), await index.version(), rebuilds]).toEqual([0, null, 0]);
    expect(await supply.supplied()).toEqual({ version: 0, vectors: 0 });
  });

  it('fills in all that is there, over more than one statement reads, once a version is served', async () => {
    const version = await train();
    const gone = freshItem();
    const vector = await servedVector(gone);
    await withdraw(database, [gone]);
    await supply.refill();
    expect(await index.version()).toBe(version);
    const { vectors } = await supply.supplied();
    expect(await index.count()).toBe(vectors);
    expect(vectors).toBeGreaterThan(1_000);
    for (const id of ['item-0', 'item-1', 'item-1202']) {
      const own = await servedVector(id);
      const [hit] = await index.search({ vector: own, limit: 1, regions: null, categories: [], ids: [id] });
      expect(hit?.similarity).toBeCloseTo(1, 2);
    }
    expect(await index.search({ vector, limit: 1, regions: null, categories: [], ids: [gone] })).toEqual([]);
  });

  it('begins at the start, and does nothing where the index has the served version', async () => {
    await train();
    supply.start();
    await expect.poll(() => index.version(), { timeout: 20_000 }).not.toBeNull();
    await supply.refill();
    expect(rebuilds).toBe(1);
    await supply.refill({ anew: true });
    expect(rebuilds).toBe(2);
  });

  it('shares the work of calls at once', async () => {
    await train();
    await Promise.all([1, 2, 3].map(() => supply.refill()));
    expect(rebuilds).toBe(1);
    expect(await index.count()).toBe((await supply.supplied()).vectors);
  });

  it('follows a training', async () => {
    await train();
    await catchUp(database, [supply.consumer]);
    const second = await train();
    expect(await index.version()).not.toBe(second);
    await catchUp(database, [supply.consumer]);
    expect(await index.version()).toBe(second);
  });

  it('is made anew where events have passed the process by', async () => {
    await train();
    await supply.refill();
    const vector = (await servedVector('item-0')).map((value) => -value);
    await write('item-1', vector);
    await supply.consumer.onGap();
    expect(await nearest(vector)).toBe('item-1');
    expect(rebuilds).toBe(2);
  });

  describe.each([
    ['of this process', () => catchUp(database, [supply.consumer])],
    ['that processes share', () => drainConsumer(database, supply.sharedConsumer)],
  ])('of an index %s', (_whose, handle) => {
    beforeEach(async () => {
      await train();
      await handle();
      await supply.refill();
    });

    it('takes over vectors that have changed, and takes out what was removed', async () => {
      const [own, other] = [freshItem(), freshItem()];
      const vector = (await servedVector(other)).map((value) => -value);
      await write(own, vector);
      await raise('vectors.changed', own, 'never-heard-of');
      await handle();
      expect(await nearest(vector)).toBe(own);
      const before = await index.count();
      await withdraw(database, [own], later(5));
      await raise('content.removed', own);
      await handle();
      expect(await nearest(vector)).not.toBe(own);
      expect(await index.count()).toBe(before - 1);
      await publish(database, [entry(own)], later(6));
      await raise('vectors.changed', own);
      await handle();
      expect(await nearest(vector)).toBe(own);
      expect(rebuilds).toBe(1);
    });

    it('moves an item along with its region', async () => {
      const own = freshItem();
      const vector = (await servedVector(own)).map((value) => -value);
      await write(own, vector);
      const move = async (region: string): Promise<void> => {
        await database.prisma.feedContent.update({ where: { id: own }, data: { region } });
        await raise('vectors.changed', own);
        await handle();
      };
      await move('FR');
      expect(await nearest(vector, 'FR')).toBe(own);
      expect(await nearest(vector, 'US')).not.toBe(own);
      await move('US');
      expect(await nearest(vector, 'FR')).toBeUndefined();
    });
  });

  it('says what an index should hold: vectors of the served version on items that are there', async () => {
    await train();
    const { version, vectors } = await supply.supplied();
    await withdraw(database, [freshItem()], later(9));
    expect(await supply.supplied()).toEqual({ version, vectors: vectors - 1 });
    await database.transaction((tx) =>
      serveVersion(tx, 'item-vectors', { version: version + 1, positives: 0n, method: 'deep' }),
    );
    expect(await supply.supplied()).toEqual({ version: version + 1, vectors: 0 });
    await supply.refill();
    expect(rebuilds).toBe(0);
  });
});
