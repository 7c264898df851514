import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '#platform/database/database.ts';
import { createLogger } from '#platform/logging/logger.ts';
import { databases } from '../../../test/support/databases.ts';
import { entry, publish } from '../test/catalogue.ts';
import { choose, eventsOf } from '../test/learning.ts';
import { countPositives } from './model-version.ts';
import { trainItemNeighbours } from './train-item-neighbours.ts';
import { TrainingSchedule } from './training-schedule.ts';

describe.each(databases)('the schedule of trainings on $kind', ({ open }) => {
  let database: Database;
  let filled = 0;
  beforeAll(async () => {
    database = await open();
    await publish(
      database,
      ['a', 'b', 'c'].map((id) => entry(id)),
    );
  });
  afterAll(() => database.close());

  const models = () => database.prisma.feedModelVersion.findMany({ orderBy: { name: 'asc' } });
  /** The two that others are learned on top of. */
  const bases = async () => (await models()).filter(({ name }) => name.startsWith('item-'));
  /** Runs two processes' schedules until every model is as wanted and nobody holds one. */
  const untilEach = async (neighbours: object, vectors: object, others: object): Promise<void> => {
    const options = {
      onVectors: () => {
        filled++;
        return Promise.resolve();
      },
    };
    const schedules = [1, 2].map(() => new TrainingSchedule(database, createLogger('silent'), options));
    for (const schedule of schedules) schedule.start();
    try {
      await expect.poll(models, { timeout: 20_000 }).toMatchObject([
        { name: 'forecaster', leaseUntil: null, ...others },
        { name: 'item-neighbours', leaseUntil: null, ...neighbours },
        { name: 'item-vectors', leaseUntil: null, ...vectors },
        { name: 'taste-clusters', leaseUntil: null, ...others },
      ]);
    } finally {
      for (const schedule of schedules) await schedule.stop();
    }
  };

  it('trains all models when they are due, each once for two processes, and has vectors filled in', async () => {
    await choose(database, 'ada', ['a', 'b']);
    await choose(database, 'bob', ['b', 'c']);
    // As many as vectors are learned from.
    await database.transaction((tx) =>
      countPositives(
        tx,
        Array.from({ length: 1_000 }, () => ({ type: 'SAVE' })),
      ),
    );
    const first = { version: 1, lastVersion: 1, method: 'deep', trainedPositives: 1_004n };
    await untilEach(first, first, first);
    expect(filled).toBe(1);
    expect(await database.prisma.feedItemVector.count({ where: { version: 1 } })).toBe(3);
    const trained = (await eventsOf(database)).flatMap((event) =>
      event.type === 'model.trained' ? [`${event.payload.name} ${event.payload.version}`] : [],
    );
    expect(trained.toSorted()).toEqual([
      'forecaster 1',
      'item-neighbours 1',
      'item-vectors 1',
      'taste-clusters 1',
    ]);
  });

  it('deepens what was trained quickly', async () => {
    await trainItemNeighbours(database, { method: 'quick' });
    expect(await bases()).toMatchObject([{ version: 2, method: 'quick' }, { version: 1 }]);
    await choose(database, 'cleo', ['a']);
    await untilEach({ method: 'deep', trainedPositives: 1_005n }, { version: 1 }, {});
    expect(await bases()).toMatchObject([{ version: 3 }, { version: 1 }]);
  });
});
