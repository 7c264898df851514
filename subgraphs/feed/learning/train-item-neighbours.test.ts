import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '#platform/database/database.ts';
import { createLogger } from '#platform/logging/logger.ts';
import type { InteractionType } from '#platform/events/contracts.ts';
import { databases } from '../../../test/support/databases.ts';
import { importInteractions } from '../import-interactions.ts';
import { entry, publish, withdraw } from '../test/catalogue.ts';
import { start } from '../test/open-feed.ts';
import {
  claimTraining,
  countPositives,
  nextVersion,
  publishVersion,
  releaseTraining,
  requestTraining,
} from './model-version.ts';
import { trainItemNeighbours } from './train-item-neighbours.ts';
import { TrainingSchedule } from './training-schedule.ts';

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
    await database.prisma.feedModelVersion.updateMany({
      data: { positives: 0, trainedPositives: 0, trainedAt: null, requestedAt: null, leaseUntil: null },
    });
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
  const neighbours = async (): Promise<Record<string, string>> => {
    const served = await database.prisma.feedItemNeighbours.findMany({ orderBy: { contentId: 'asc' } });
    return Object.fromEntries(
      served.map(({ version, contentId, neighbourIds }) => [
        `${version} ${contentId}`,
        neighbourIds.join(' '),
      ]),
    );
  };
  const positives = (count: number): Promise<void> =>
    database.transaction((tx) =>
      countPositives(
        tx,
        Array.from({ length: count }, () => ({ type: 'SAVE' as const })),
      ),
    );

  it('writes the neighbours of what is chosen, serves them and drops the version before', async () => {
    await choose('ada', 'SAVE', 'a', 'b', 'c');
    await choose('bob', 'LIKE', 'a', 'b');
    await choose('cleo', 'INQUIRY', 'd');
    const { version } = await trainItemNeighbours(database);
    const first = { [`${version} a`]: 'b c', [`${version} b`]: 'a c', [`${version} c`]: 'a b' };
    expect(await neighbours()).toEqual({ ...first, [`${version} d`]: '' });
    expect(await model()).toMatchObject({ version, trainedPositives: 6n });

    await choose('cleo', 'SHARE', 'c');
    const second = await trainItemNeighbours(database);
    expect(second).toEqual({ version: version + 1, items: 4, neighbours: 8 });
    expect((await neighbours())[`${version + 1} d`]).toBe('c');
    expect(Object.keys(await neighbours())).toHaveLength(4);
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
      onProgress: (done, total) => progress.push([done, total]),
    });
    expect(progress).toEqual([
      [2, 4],
      [4, 4],
    ]);
    await publish(database, [entry('gone')]);
    expect(trained).toEqual({ items: 2, neighbours: 2 });
    expect(await neighbours()).toEqual({ [`${version} a`]: 'd', [`${version} d`]: 'a' });
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
    expect(await trainItemNeighbours(database)).toMatchObject({ items: 2, neighbours: 2 });
    const [b] = await database.prisma.feedItemNeighbours.findMany({ where: { contentId: 'b' } });
    expect(b?.scores[0]).toBeCloseTo(50 ** -0.5 * 2 ** -0.5 * 1_051 ** -0.6, 6);
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
    expect(await neighbours()).toEqual({});
  });

  it('is taken by one trainer at a time, and only with something to learn from', async () => {
    expect(await claimTraining(database)).toBe(false);
    await positives(10);
    const claims = await Promise.all([1, 2, 3, 4].map(() => claimTraining(database)));
    expect(claims.filter(Boolean)).toHaveLength(1);
    await releaseTraining(database);
    expect(await claimTraining(database)).toBe(true);
    // A trainer that died lets go in the end.
    await database.prisma.feedModelVersion.updateMany({ data: { leaseUntil: new Date(0) } });
    expect(await claimTraining(database)).toBe(true);
  });

  it('is due again when the positives have grown by a tenth, or by an import', async () => {
    const due = async (): Promise<boolean> => {
      const claimed = await claimTraining(database);
      await releaseTraining(database);
      return claimed;
    };
    const train = async (): Promise<void> => {
      const next = await nextVersion(database);
      await publishVersion(database, next.version, next.positives);
    };
    await positives(100);
    await train();
    expect(await due()).toBe(false);
    await positives(9);
    expect(await due()).toBe(false);
    await positives(1);
    expect(await due()).toBe(true);
    await train();
    await database.transaction((tx) => requestTraining(tx, new Date('2100-01-01T00:00:00Z')));
    // An import of the catalogue alone brings nothing to learn from.
    expect(await due()).toBe(false);
    await positives(1);
    expect(await due()).toBe(true);
  });

  it('never goes back to an older version', async () => {
    const [older, newer] = [await nextVersion(database), await nextVersion(database)];
    expect(newer.version).toBe(older.version + 1);
    await publishVersion(database, newer.version, 5n);
    await publishVersion(database, older.version, 50n);
    expect(await model()).toMatchObject({ version: newer.version, trainedPositives: 5n });
  });

  it('happens by itself when it is due, once for two processes', async () => {
    const before = await model();
    await choose('ada', 'SAVE', 'a', 'b');
    const schedules = [1, 2].map(() => new TrainingSchedule(database, createLogger('silent')));
    for (const schedule of schedules) schedule.start();
    await expect.poll(async () => (await model()).trainedAt, { timeout: 20_000 }).not.toBeNull();
    for (const schedule of schedules) await schedule.stop();
    const after = await model();
    expect(after).toMatchObject({ version: before.lastVersion + 1, lastVersion: before.lastVersion + 1 });
    expect(after.leaseUntil).toBeNull();
    expect(Object.keys(await neighbours())).toHaveLength(2);
  });
});
