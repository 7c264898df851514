import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '#platform/database/database.ts';
import { databases } from '../../../test/support/databases.ts';
import { forgetTrainings } from '../test/learning.ts';
import {
  claimTraining,
  countPositives,
  nextVersion,
  releaseTraining,
  requestTraining,
  servedVersion,
  serveVersion,
  type ModelName,
  type TrainingMethod,
} from './model-version.ts';

const names: readonly ModelName[] = ['item-neighbours', 'item-vectors'];
/** Learned on top of those. */
const dependent: readonly ModelName[] = ['forecaster', 'taste-clusters'];

describe.each(databases)('versions of models on $kind', ({ open }) => {
  let database: Database;
  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    await forgetTrainings(database);
  });

  const positives = (count: number): Promise<void> =>
    database.transaction((tx) =>
      countPositives(
        tx,
        Array.from({ length: count }, () => ({ type: 'SAVE' as const })),
      ),
    );
  const train = async (name: ModelName, method: TrainingMethod = 'deep'): Promise<void> => {
    const next = await nextVersion(database, name);
    await database.transaction((tx) => serveVersion(tx, name, { ...next, method }));
  };
  /** Whether a trainer would get the model, which it lets go of at once. */
  const due = async (name: ModelName): Promise<boolean> => {
    const claimed = await claimTraining(database, name);
    await releaseTraining(database, name);
    return claimed;
  };

  it('counts what can be learned from, for every model', async () => {
    await positives(2);
    await database.transaction((tx) => countPositives(tx, [{ type: 'VIEW' }, { type: 'HIDE' }]));
    const models = await database.prisma.feedModelVersion.findMany({ orderBy: { name: 'asc' } });
    expect(models).toMatchObject(
      [...names, ...dependent].toSorted().map((name) => ({ name, positives: 2n })),
    );
  });

  describe.each(dependent)('of %s', (name) => {
    it('are due once there are vectors, and again when these are newer', async () => {
      await database.prisma.feedModelVersion.updateMany({ data: { version: 0 } });
      await positives(10);
      expect(await due(name)).toBe(false);
      await train('item-vectors');
      expect(await due(name)).toBe(true);
      await train(name);
      expect(await due(name)).toBe(false);
      const later = new Date(Date.now() + 1_000);
      await database.prisma.feedModelVersion.update({
        where: { name: 'item-vectors' },
        data: { trainedAt: later, leaseUntil: new Date('2100-01-01T00:00:00Z') },
      });
      // Somebody makes newer ones still.
      expect(await due(name)).toBe(false);
      await releaseTraining(database, 'item-vectors');
      expect(await due(name)).toBe(true);
    });

    it('are due each night on which there is more to learn from', async () => {
      await positives(10);
      await train('item-vectors');
      await train(name);
      const trainedAt = new Date(Date.now() - 48 * 3_600_000);
      await database.prisma.feedModelVersion.updateMany({ data: { trainedAt } });
      expect(await due(name)).toBe(false);
      await positives(1);
      expect(await due(name)).toBe(true);
      await train(name);
      await positives(1);
      expect(await due(name)).toBe(false);
    });
  });

  describe.each(names)('of %s', (name) => {
    const other = name === 'item-vectors' ? 'item-neighbours' : 'item-vectors';
    const model = () => database.prisma.feedModelVersion.findUniqueOrThrow({ where: { name } });

    it('are taken by one trainer at a time, and only with something to learn from', async () => {
      expect(await claimTraining(database, name)).toBe(false);
      await positives(10);
      const claims = await Promise.all([1, 2, 3, 4].map(() => claimTraining(database, name)));
      expect(claims.filter(Boolean)).toHaveLength(1);
      // The other model has a trainer of its own.
      expect(await claimTraining(database, other)).toBe(true);
      await releaseTraining(database, name);
      expect(await claimTraining(database, name)).toBe(true);
      // A trainer that died lets go in the end.
      await database.prisma.feedModelVersion.updateMany({ data: { leaseUntil: new Date(0) } });
      expect(await claimTraining(database, name)).toBe(true);
    });

    it('are due again when the positives have grown by a tenth, or by an import', async () => {
      await positives(100);
      await train(name);
      expect(await due(name)).toBe(false);
      expect(await due(other)).toBe(true);
      await positives(9);
      expect(await due(name)).toBe(false);
      await positives(1);
      expect(await due(name)).toBe(true);
      await train(name);
      await database.transaction((tx) => requestTraining(tx, new Date('2100-01-01T00:00:00Z')));
      // An import of the catalogue alone brings nothing to learn from.
      expect(await due(name)).toBe(false);
      await positives(1);
      expect(await due(name)).toBe(true);
    });

    it('are due for a deep one after a quick one, and then not', async () => {
      await positives(100);
      await train(name, 'quick');
      expect(await model()).toMatchObject({ method: 'quick', trainedPositives: 100n });
      expect(await due(name)).toBe(true);
      await train(name, 'deep');
      expect(await model()).toMatchObject({ method: 'deep' });
      expect(await due(name)).toBe(false);
    });

    it('never go back to an older one', async () => {
      const older = await nextVersion(database, name);
      const newer = await nextVersion(database, name);
      expect(newer.version).toBe(older.version + 1);
      await database.transaction(async (tx) => {
        await serveVersion(tx, name, { version: newer.version, positives: 5n, method: 'deep' });
        await serveVersion(tx, name, { version: older.version, positives: 50n, method: 'quick' });
        expect(await servedVersion(tx, name)).toBe(newer.version);
      });
      expect(await model()).toMatchObject({ trainedPositives: 5n, method: 'deep' });
    });
  });
});
