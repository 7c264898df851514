import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '#platform/database/database.ts';
import type { InteractionType } from '#platform/events/contracts.ts';
import { databases } from '../../../test/support/databases.ts';
import { importInteractions } from '../import-interactions.ts';
import { entry, publish, withdraw } from '../test/catalogue.ts';
import { forgetTrainings } from '../test/learning.ts';
import { start } from '../test/open-feed.ts';
import { NeighbourModel } from './neighbour-model.ts';
import { trainItemNeighbours } from './train-item-neighbours.ts';

describe.each(databases)('training of item neighbours on $kind', ({ open }) => {
  let database: Database;
  beforeAll(async () => {
    database = await open();
    await publish(
      database,
      ['a', 'b', 'c', 'd', 'gone'].map((id) => entry(id)),
    );
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    await database.prisma.feedInteraction.deleteMany();
    await database.prisma.feedItemNeighbours.deleteMany();
    await forgetTrainings(database);
  });

  let rows = 0;
  const choose = async (userId: string, type: InteractionType, ...ids: string[]): Promise<void> => {
    const chosen = ids.map((contentId) => ({
      id: `${rows++}`,
      userId,
      contentId,
      type,
      occurredAt: start,
    }));
    await database.transaction((tx) => importInteractions(tx, chosen));
  };
  const model = () =>
    database.prisma.feedModelVersion.findUniqueOrThrow({ where: { name: 'item-neighbours' } });
  /** Who an item's neighbours are, by item, as the served version has it. */
  const neighbours = async (): Promise<Record<string, string>> => {
    const served = await NeighbourModel.load(database);
    const parts = await database.prisma.feedItemNeighbours.findMany();
    const ids = parts.flatMap(({ contentIds }) => contentIds).toSorted();
    return Object.fromEntries(
      ids.map((id) => [
        id,
        (served?.similarities([id]).nearest(100) ?? []).map((nearest) => nearest.id).join(' '),
      ]),
    );
  };
  const versions = async (): Promise<number[]> => {
    const parts = await database.prisma.feedItemNeighbours.findMany({ distinct: ['version'] });
    return parts.map(({ version }) => version);
  };

  it('writes the neighbours of what is chosen, serves them and drops the version before', async () => {
    await choose('ada', 'SAVE', 'a', 'b', 'c');
    await choose('bob', 'LIKE', 'a', 'b');
    await choose('cleo', 'INQUIRY', 'd');
    const { version } = await trainItemNeighbours(database, { method: 'quick' });
    expect(await neighbours()).toEqual({ a: 'b c', b: 'a c', c: 'a b', d: '' });
    expect(await model()).toMatchObject({ version, trainedPositives: 6n, method: 'quick' });

    await choose('cleo', 'SHARE', 'c');
    const second = await trainItemNeighbours(database, { method: 'quick' });
    expect(second).toEqual({ version: version + 1, items: 4, neighbours: 8 });
    expect((await neighbours())['d']).toBe('c');
    expect(await versions()).toEqual([version + 1]);
  });

  it('learns from positives on items that are there, each pair of user and item once', async () => {
    await choose('ada', 'VIEW', 'a', 'b');
    await choose('ada', 'IMPRESSION', 'a', 'b');
    await choose('ada', 'HIDE', 'c');
    await choose('bob', 'SAVE', 'a', 'a', 'gone', 'd');
    await choose('bob', 'LIKE', 'a');
    await withdraw(database, ['gone']);
    const progress: number[][] = [];
    const { version, ...trained } = await trainItemNeighbours(database, {
      method: 'quick',
      onProgress: (done, total) => progress.push([done, total]),
    });
    expect(progress).toEqual([
      [2, 4],
      [4, 4],
    ]);
    await publish(database, [entry('gone')]);
    expect(trained).toEqual({ items: 2, neighbours: 2 });
    expect(await neighbours()).toEqual({ a: 'd', d: 'a' });
    expect(await versions()).toEqual([version]);
  });

  it('weighs by the formula of RP3beta, over more users than one statement reads', async () => {
    const chosen = Array.from({ length: 1_100 }, (_, user) => ({
      id: 'only',
      userId: `user-${user}`,
      contentId: user < 1_050 ? 'a' : 'b',
      type: 'SAVE' as const,
      occurredAt: start,
    }));
    await database.transaction((tx) => importInteractions(tx, chosen));
    await choose('user-1099', 'SAVE', 'a');
    const trained = await trainItemNeighbours(database, { method: 'quick' });
    expect(trained).toMatchObject({ items: 2, neighbours: 2 });
    const ofB = (await NeighbourModel.load(database))?.similarities(['b']);
    expect(ofB?.ofItem('a')).toBeCloseTo(50 ** -0.5 * 2 ** -0.5 * 1_051 ** -0.6, 6);
  });

  it('deepens a quick version, by vendors and tags as well as choices', async () => {
    await publish(database, [
      entry('e', { vendorId: 'florist', tags: ['red'] }),
      entry('f', { vendorId: 'florist', tags: ['red'] }),
    ]);
    await choose('ada', 'SAVE', 'a', 'b');
    await choose('bob', 'SAVE', 'e');
    await choose('cleo', 'SAVE', 'f');
    const quick = await trainItemNeighbours(database, { method: 'quick' });
    expect(await neighbours()).toEqual({ a: 'b', b: 'a', e: '', f: '' });
    const deep = await trainItemNeighbours(database);
    expect(deep).toEqual({ version: quick.version + 1, items: 4, neighbours: 4 });
    expect(await neighbours()).toEqual({ a: 'b', b: 'a', e: 'f', f: 'e' });
    expect(await model()).toMatchObject({ version: deep.version, method: 'deep' });
  });

  it('keeps a model of several parts in one order', async () => {
    const ids = Array.from({ length: 1_003 }, (_, index) => `many-${index}`);
    await publish(
      database,
      ids.map((id) => entry(id)),
    );
    // Pairs, so that each item has one neighbour, which may lie in another part.
    for (let index = 0; index < 500; index += 100) {
      await database.transaction((tx) =>
        importInteractions(
          tx,
          ids.slice(index, index + 100).flatMap((id, offset) =>
            [id, ids.at(-1 - index - offset) ?? ''].map((contentId, place) => ({
              id: `${place}`,
              userId: `pair-${id}`,
              contentId,
              type: 'SAVE' as const,
              occurredAt: start,
            })),
          ),
        ),
      );
    }
    expect(await trainItemNeighbours(database, { method: 'quick' })).toMatchObject({ items: 1_000 });
    const found = await neighbours();
    expect(Object.keys(found)).toHaveLength(1_000);
    for (let index = 0; index < 500; index++) {
      expect(found[ids[index] ?? '']).toBe(ids.at(-1 - index));
      expect(found[ids.at(-1 - index) ?? '']).toBe(ids[index]);
    }
  });

  it('says what it has to learn from where that is nothing', async () => {
    for (const method of ['quick', 'deep'] as const) {
      const { version, ...trained } = await trainItemNeighbours(database, { method });
      expect(trained).toEqual({ items: 0, neighbours: 0 });
      const served = await NeighbourModel.load(database);
      expect(served?.version).toBe(version);
      expect(served?.similarities(['a']).nearest(10)).toEqual([]);
    }
  });

  it('serves nothing of a training that is broken off', async () => {
    await choose('ada', 'SAVE', 'a', 'b');
    const { version } = await model();
    const stopping = new AbortController();
    const training = trainItemNeighbours(database, {
      signal: stopping.signal,
      onProgress: () => stopping.abort(),
    });
    await expect(training).rejects.toThrow(/abort/i);
    expect(await model()).toMatchObject({ version, trainedAt: null });
    expect(await database.prisma.feedItemNeighbours.findMany()).toEqual([]);
  });
});
