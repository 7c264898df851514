import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '#platform/database/database.ts';
import { drainConsumer } from '#platform/events/once-consumer.ts';
import { appendEvent, inTransactionWithEvents } from '#platform/events/outbox.ts';
import { databases } from '../../../test/support/databases.ts';
import { feedConsumers } from '../consumers.ts';
import { trainItemVectors } from '../learning/train-item-vectors.ts';
import { decodeVector } from '../learning/vector-bytes.ts';
import { entry, publish, type Entry } from '../test/catalogue.ts';
import { choose, eventsOf } from '../test/learning.ts';

describe.each(databases)('vectors of what the catalogue announces on $kind', ({ open }) => {
  let database: Database;
  let version = 0;
  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    // What was raised before is handled, and told apart from what follows.
    for (const consumer of feedConsumers(() => undefined)) await drainConsumer(database, consumer);
    await database.prisma.$executeRaw`DELETE FROM events.outbox`;
  });

  const announce = async (...contents: readonly Entry[]): Promise<void> => {
    await inTransactionWithEvents(database, (tx) =>
      appendEvent(tx, 'content.changed', { contents: [...contents], vendors: [] }),
    );
    for (const consumer of feedConsumers(() => undefined)) await drainConsumer(database, consumer);
  };
  const vectorOf = async (contentId: string): Promise<{ learned: boolean; vector: Float32Array } | null> => {
    const row = await database.prisma.feedItemVector.findUnique({
      where: { version_contentId: { version, contentId } },
    });
    return row === null ? null : { learned: row.learned, vector: decodeVector(row.vector) };
  };
  const told = async (): Promise<unknown[]> =>
    (await eventsOf(database)).flatMap((event) => (event.type === 'vectors.changed' ? [event.payload] : []));
  /** What is known of a tag, a vendor or neither. */
  const weightsOf = async (feature: string): Promise<number[]> => {
    const row = await database.prisma.feedVectorFeature.findUniqueOrThrow({
      where: { version_feature: { version, feature } },
    });
    return [...decodeVector(row.weights)];
  };
  const sum = (...rows: readonly number[][]): number[] =>
    (rows[0] ?? []).map((_value, index) => rows.reduce((total, row) => total + (row[index] ?? 0), 0));

  it('are none before the first training', async () => {
    await announce(entry('early', { tags: ['red'] }));
    expect(await database.prisma.feedItemVector.findMany()).toEqual([]);
    expect(await told()).toEqual([]);
  });

  describe('once a version is served', () => {
    beforeAll(async () => {
      const group = (name: string): Entry[] =>
        [0, 1, 2].map((index) =>
          entry(`${name}-${index}`, { vendorId: `${name}-vendor`, tags: [`${name}-tag`] }),
        );
      await publish(database, [...group('red'), ...group('blue')]);
      for (const name of ['red', 'blue']) {
        for (let user = 0; user < 6; user++) {
          await choose(database, `${name}-${user}`, [`${name}-${user % 3}`, `${name}-${(user + 1) % 3}`]);
        }
      }
      ({ version } = await trainItemVectors(database, { method: 'deep' }));
    });

    it('are made up of what its tags and its vendor say, and every process hears of it', async () => {
      await announce(entry('new', { vendorId: 'red-vendor', tags: ['red-tag', 'unheard-of'] }));
      const made = await vectorOf('new');
      expect(made?.learned).toBe(false);
      const expected = sum(
        await weightsOf('tag:red-tag'),
        await weightsOf('vendor:red-vendor'),
        await weightsOf('bias'),
      );
      for (const [index, value] of expected.entries()) expect(made?.vector[index]).toBeCloseTo(value, 5);
      expect(await told()).toEqual([{ version, contentIds: ['new'] }]);
    });

    it('change with its tags and vendor', async () => {
      await announce(entry('turning', { vendorId: 'red-vendor', tags: ['red-tag'] }));
      const before = await vectorOf('turning');
      await announce(entry('turning', { vendorId: 'blue-vendor', tags: ['blue-tag'], version: 2 }));
      const after = await vectorOf('turning');
      expect(after?.vector).not.toEqual(before?.vector);
      await announce(entry('like-it', { vendorId: 'blue-vendor', tags: ['blue-tag'] }));
      expect(after).toEqual(await vectorOf('like-it'));
    });

    it('stay as they were learned, but are told of where the item has moved', async () => {
      const learned = await vectorOf('red-0');
      expect(learned?.learned).toBe(true);
      await announce(
        entry('red-0', { vendorId: 'blue-vendor', tags: ['blue-tag'], region: 'DE', version: 2 }),
      );
      expect(await vectorOf('red-0')).toEqual(learned);
      expect(await told()).toEqual([{ version, contentIds: ['red-0'] }]);
    });

    it('are none of an item of whose tags and vendor nothing is known', async () => {
      await announce(entry('unlike-any', { tags: ['unheard-of'] }));
      expect(await vectorOf('unlike-any')).toBeNull();
    });

    it('come once for an item that is announced several times, and in events of 500', async () => {
      const many = Array.from({ length: 501 }, (_, index) => entry(`many-${index}`, { tags: ['red-tag'] }));
      await announce(...many, ...many.slice(0, 3).map((item) => ({ ...item, version: 2 })));
      const events = await told();
      expect(events).toHaveLength(2);
      expect(events).toMatchObject([
        { contentIds: many.slice(0, 500).map(({ id }) => id) },
        { contentIds: ['many-500'] },
      ]);
      expect((await vectorOf('many-500'))?.learned).toBe(false);
    });
  });
});
