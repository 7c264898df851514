import { describe, expect, it } from 'vitest';
import { databases } from '../../../../test/support/databases.ts';
import { impressionsOf, publishThemes, store } from './test/themed-impressions.ts';
import { trainForecaster } from './train-forecaster.ts';

describe.each(databases)('a forecaster of chance on $kind', ({ open }) => {
  it('knows nothing: no save tells of itself by the models', async () => {
    const database = await open();
    try {
      await publishThemes(database);
      await store(database, impressionsOf(0.3, 0.3));
      const { fitted } = await trainForecaster(database);
      expect(fitted?.figures.auc).toBeGreaterThan(0.35);
      expect(fitted?.figures.auc).toBeLessThan(0.65);
    } finally {
      await database.close();
    }
  });
});
