import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '#platform/database/database.ts';
import { databases } from '../../../test/support/databases.ts';
import { ModelShelf } from '../learning/served-models.ts';
import { trainItemNeighbours } from '../learning/train-item-neighbours.ts';
import { encodeVector } from '../learning/vector-bytes.ts';
import { serveVersion } from '../learning/model-version.ts';
import type { Taste } from '../pipeline/component.ts';
import { followVendor } from '../profile/follow.ts';
import { queryOf } from '../test/candidates.ts';
import { entries, entry, publish } from '../test/catalogue.ts';
import { choose } from '../test/learning.ts';
import { start } from '../test/open-feed.ts';
import { untrained } from '../test/taste.ts';
import { tasteHydrator } from './taste-hydrator.ts';

const dayMs = 86_400_000;
const daysAgo = (days: number): Date => new Date(start.getTime() - days * dayMs);

describe.each(databases)('what a history says on $kind', ({ open }) => {
  let database: Database;
  beforeAll(async () => {
    database = await open();
    await publish(database, [
      entry('rose', { vendorId: 'florist', tags: ['red', 'wild'] }),
      entry('peony', { vendorId: 'florist', tags: ['red'] }),
      entry('barn', { vendorId: 'farm', tags: ['rustic'] }),
      ...entries('many', 230),
    ]);
  });
  afterAll(() => database.close());

  const tasteOf = async (subject: string, models = untrained()): Promise<Taste> => {
    const hydrator = tasteHydrator(database, models, { deadlineMs: 20_000 });
    const { taste } = await hydrator.hydrate(queryOf({ subject }));
    if (taste === null) throw new Error('There is no taste.');
    return taste;
  };
  const likes = async (subject: string, type: string, contentId: string): Promise<void> => {
    await database.prisma.feedInteraction.create({
      data: {
        userId: subject,
        id: `${type}-${contentId}`,
        contentId,
        vendorId: 'v',
        type,
        occurredAt: start,
      },
    });
  };

  it('is asked for whoever has an id', () => {
    const hydrator = tasteHydrator(database, untrained(), { deadlineMs: 20_000 });
    expect(hydrator.enabled(queryOf())).toBe(false);
    expect(hydrator.enabled(queryOf({ subject: 'anonymous:1' }))).toBe(true);
  });

  it('is nothing for somebody without one', async () => {
    expect(await tasteOf('nobody')).toEqual({
      positives: [],
      followedVendors: [],
      similarities: null,
      vector: null,
      tags: { weights: new Map(), length: 0 },
      vendors: new Map(),
    });
  });

  it('takes what was liked, saved, shared or asked about, each once and the latest first', async () => {
    await choose(database, 'ada', ['barn'], daysAgo(3));
    await choose(database, 'ada', ['rose'], daysAgo(2));
    await choose(database, 'ada', ['barn'], daysAgo(1));
    for (const [type, id] of [
      ['LIKE', 'many-0'],
      ['SHARE', 'many-1'],
      ['INQUIRY', 'many-2'],
      ['VIEW', 'many-3'],
      ['CLICK', 'many-4'],
      ['HIDE', 'many-5'],
      ['IMPRESSION', 'many-6'],
    ] as const) {
      await likes('ada', type, id);
    }
    const { positives } = await tasteOf('ada');
    expect(positives).toEqual(['many-0', 'many-1', 'many-2', 'barn', 'rose']);
  });

  it('weighs tags by how often they were chosen and how much they tell, and counts vendors', async () => {
    await choose(database, 'bob', ['rose', 'peony', 'barn']);
    // An interaction with something that the catalogue does not have any more.
    await likes('bob', 'LIKE', 'never-published');
    const { tags, vendors, positives } = await tasteOf('bob', untrained({ red: 1, wild: 3, rustic: 0.5 }));
    expect(tags.weights).toEqual(
      new Map([
        ['red', 2],
        ['wild', 3],
        ['rustic', 0.5],
      ]),
    );
    expect(tags.length).toBeCloseTo(Math.hypot(2, 3, 0.5), 12);
    expect(vendors).toEqual(
      new Map([
        ['florist', 2],
        ['farm', 1],
      ]),
    );
    expect(positives).toContain('never-published');
  });

  it('follows vendors, the latest first', async () => {
    for (const vendor of ['florist', 'farm']) await followVendor(database, 'cleo', vendor);
    await database.prisma.feedFollow.updateMany({
      where: { vendorId: 'florist' },
      data: { followedAt: new Date('2100-01-01T00:00:00Z') },
    });
    expect(await tasteOf('cleo')).toMatchObject({ followedVendors: ['florist', 'farm'], positives: [] });
  });

  it('looks at the latest 200', async () => {
    await choose(database, 'dora', ['rose'], daysAgo(9));
    await choose(
      database,
      'dora',
      Array.from({ length: 205 }, (_, index) => `many-${index}`),
    );
    const { positives, vendors } = await tasteOf('dora');
    expect(positives).toEqual(Array.from({ length: 200 }, (_, index) => `many-${204 - index}`));
    expect(vendors.has('florist')).toBe(false);
    expect(vendors.size).toBe(200);
  });

  describe('once models are trained', () => {
    beforeAll(async () => {
      const rows: [version: number, contentId: string, numbers: number[]][] = [
        [7, 'rose', [1, 0]],
        [7, 'peony', [0, 1]],
        [7, 'barn', [3, 4]],
        [6, 'many-0', [9, 9]],
      ];
      await database.prisma.feedItemVector.createMany({
        data: rows.map(([version, contentId, numbers]) => ({
          version,
          contentId,
          vector: encodeVector(Float32Array.from(numbers)),
          learned: true,
        })),
      });
      await database.transaction((tx) =>
        serveVersion(tx, 'item-vectors', { version: 7, positives: 0n, method: 'deep' }),
      );
    });

    it('lies at the mean of its vectors, where a choice counts half as much as one 90 days later', async () => {
      await choose(database, 'eve', ['peony'], daysAgo(90));
      await choose(database, 'eve', ['rose'], daysAgo(180));
      await choose(database, 'eve', ['barn'], start);
      const { vector } = await tasteOf('eve');
      expect(vector?.[0]).toBeCloseTo(3 + 0.25, 5);
      expect(vector?.[1]).toBeCloseTo(4 + 0.5, 5);
    });

    it('counts from the latest choice, however long ago that is', async () => {
      await choose(database, 'fay', ['peony'], daysAgo(4_000));
      const { vector } = await tasteOf('fay');
      expect(vector).toEqual(Float32Array.of(0, 1));
    });

    it('lies nowhere where nothing of it has a vector of the served version', async () => {
      await choose(database, 'gus', ['many-0', 'many-1']);
      expect((await tasteOf('gus')).vector).toBeNull();
    });

    it('is near to what others chose along with it', async () => {
      await choose(database, 'hal', ['rose', 'barn']);
      await choose(database, 'ian', ['rose', 'barn']);
      await trainItemNeighbours(database);
      const shelf = new ModelShelf(database);
      await shelf.load();
      await choose(database, 'jo', ['rose']);
      const { similarities } = await tasteOf('jo', shelf);
      expect(similarities?.ofItem('barn')).toBeGreaterThan(0);
      expect(similarities?.nearest(300).map(({ id }) => id)).not.toContain('rose');
      expect((await tasteOf('nobody', shelf)).similarities).toBeNull();
    });
  });
});
