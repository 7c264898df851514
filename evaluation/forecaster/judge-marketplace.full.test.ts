import { expect, it } from 'vitest';
import { silentDisplay } from '../../cli/import/display.ts';
import { judgeMarketplace } from './judge-marketplace.ts';

it('forecasts what a generated marketplace does next, about as often as it says', async () => {
  const size = { vendors: 60, contents: 600, users: 200, interactions: 30_000 };
  const { trained, figures } = await judgeMarketplace(silentDisplay, size);
  expect(trained?.basis).toBe('impressions');
  expect(figures.count).toBeGreaterThan(1_000);
  expect(figures.auc).toBeGreaterThan(0.55);
  expect(figures.ece).toBeLessThan(0.05);
});
