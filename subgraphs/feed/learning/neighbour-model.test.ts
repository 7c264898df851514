import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '#platform/database/database.ts';
import { numbers } from '#platform/vectors/test/vectors.ts';
import { databases } from '../../../test/support/databases.ts';
import { entry, publish } from '../test/catalogue.ts';
import { catchUp, choose } from '../test/learning.ts';
import { NeighbourModel, type Similarities } from './neighbour-model.ts';
import { ModelShelf } from './served-models.ts';
import { trainItemNeighbours } from './train-item-neighbours.ts';
import { decodeInts, decodeVector } from './vector-bytes.ts';

const itemCount = 40;
const ids = Array.from({ length: itemCount }, (_, index) => `item-${index}`);
const vendorOf = (id: string): string => `vendor-${Number(id.slice('item-'.length)) % 7}`;

describe.each(databases)('the neighbour model on $kind', ({ open }) => {
  let database: Database;
  /** Of each item its neighbours' weights, as they lie in the database. */
  let lists: ReadonlyMap<string, ReadonlyMap<string, number>>;
  let model: NeighbourModel;

  const load = async (): Promise<NeighbourModel> => {
    const loaded = await NeighbourModel.load(database);
    if (loaded === null) throw new Error('There is no model.');
    return loaded;
  };

  beforeAll(async () => {
    database = await open();
    await publish(
      database,
      ids.map((id, index) => entry(id, { vendorId: vendorOf(id), tags: [`tag-${index % 4}`] })),
    );
    const random = numbers(3);
    for (let user = 0; user < 60; user++) {
      // Nobody chooses the last items.
      const chosen = Array.from({ length: 6 }, () => `item-${Math.floor(random() ** 2 * (itemCount - 4))}`);
      await choose(database, `user-${user}`, [...new Set(chosen)]);
    }
    await trainItemNeighbours(database);
    model = await load();
    const parts = await database.prisma.feedItemNeighbours.findMany({ orderBy: { part: 'asc' } });
    const known = parts.flatMap(({ contentIds }) => contentIds);
    const stored = parts.flatMap(({ contentIds, neighbours, scores }) => {
      const [items, weights] = [decodeInts(neighbours), decodeVector(scores)];
      const k = items.length / contentIds.length;
      return contentIds.map((id, index): [string, Map<string, number>] => {
        const own = [...items.subarray(index * k, (index + 1) * k)].filter((item) => item >= 0);
        return [id, new Map(own.map((item, place) => [known[item] ?? '', weights[index * k + place] ?? 0]))];
      });
    });
    lists = new Map(stored);
  });
  afterAll(() => database.close());

  const naive = (history: readonly string[], id: string): number => {
    const own = new Set(history);
    if (own.has(id)) return 0;
    return [...own].reduce((sum, item) => sum + (lists.get(item)?.get(id) ?? 0), 0);
  };
  const histories = fc.array(fc.constantFrom(...ids, 'unknown'), { maxLength: 12 });

  it('sums up the lists of a history, item by item and vendor by vendor, without the history itself', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const near = model.similarities(history);
        for (const id of ids) expect(near.ofItem(id)).toBeCloseTo(naive(history, id), 6);
        for (const vendor of new Set(ids.map((id) => vendorOf(id)))) {
          const items = [...lists.keys()].filter((id) => vendorOf(id) === vendor);
          const sum = items.reduce((total, id) => total + naive(history, id), 0);
          expect(near.ofVendor(vendor)).toBeCloseTo(sum / items.length, 6);
        }
        expect([near.ofItem('unknown'), near.ofVendor('unknown')]).toEqual([0, 0]);
      }),
    );
  });

  it('has the nearest first, as many as are asked for and no more than there are', () => {
    fc.assert(
      fc.property(histories, fc.nat(itemCount + 5), (history, limit) => {
        const near = model.similarities(history);
        const found = near.nearest(limit);
        const all = ids.filter((id) => near.ofItem(id) > 0);
        expect(found).toHaveLength(Math.min(limit, all.length));
        for (const { id, similarity } of found) expect(similarity).toBe(near.ofItem(id));
        const similarities = all.map((id) => near.ofItem(id)).toSorted((a, b) => b - a);
        expect(found.map(({ similarity }) => similarity)).toEqual(similarities.slice(0, limit));
        expect(new Set(found.map(({ id }) => id)).size).toBe(found.length);
        expect(found.some(({ id }) => history.includes(id))).toBe(false);
      }),
    );
  });

  it('answers each history by itself, whatever was asked in between', () => {
    const [one, other] = [model.similarities(['item-0']), model.similarities(['item-1', 'item-2'])];
    const alone = (history: readonly string[]): Similarities => model.similarities(history);
    for (const id of ids) {
      expect(one.ofItem(id)).toBe(alone(['item-0']).ofItem(id));
      expect(other.ofItem(id)).toBe(alone(['item-1', 'item-2']).ofItem(id));
    }
  });

  it('knows what somebody chose, and no other items', () => {
    expect(lists.size).toBeGreaterThan(20);
    expect(lists.size).toBeLessThanOrEqual(itemCount - 4);
    expect(model.similarities(['item-39']).nearest(10)).toEqual([]);
    expect(model.similarities([]).nearest(10)).toEqual([]);
  });

  it('is none before the first training', async () => {
    const untrained = await open();
    expect(await NeighbourModel.load(untrained)).toBeNull();
    await untrained.close();
  });

  describe('on the shelf of a process', () => {
    beforeEach(async () => {
      await database.prisma.$executeRaw`DELETE FROM events.outbox`;
    });

    it('is read at the start and when another version is served', async () => {
      const shelf = new ModelShelf(database);
      expect(shelf.neighbours).toBeNull();
      await shelf.load();
      expect(shelf.neighbours?.version).toBe(model.version);
      await choose(database, 'late', ['item-38', 'item-39']);
      const { version } = await trainItemNeighbours(database, { method: 'quick' });
      expect(shelf.neighbours?.version).toBe(model.version);
      await catchUp(database, [shelf.consumer]);
      expect(shelf.neighbours?.version).toBe(version);
      expect(shelf.neighbours?.similarities(['item-38']).nearest(1)[0]?.id).toBe('item-39');
    });

    it('is read anew where events have passed the process by', async () => {
      const shelf = new ModelShelf(database);
      await shelf.consumer.onGap();
      expect(shelf.neighbours?.version).toBe((await load()).version);
    });

    it('takes a tag that no training has seen for as telling as the rarest', async () => {
      const shelf = new ModelShelf(database);
      expect(shelf.tagWeight('any')).toBe(1);
      await database.prisma.feedTagWeight.createMany({
        data: [
          { tag: 'rare', idf: 5 },
          { tag: 'common', idf: 0.5 },
        ],
      });
      await shelf.load();
      expect(['rare', 'common', 'new'].map((tag) => shelf.tagWeight(tag))).toEqual([5, 0.5, 5]);
    });
  });
});
