import type { Bar } from '../bars.ts';
import { plain } from '../report/numbers.ts';
import type { MarketplaceForecasts } from './judge-marketplace.ts';

const calibrationError = 0.02;

/** What forecasts of the generated marketplace's impressions have to reach. */
export function marketplaceBars({ figures }: MarketplaceForecasts): Bar[] {
  return [
    {
      set: 'marketplace',
      text: `forecaster: expected calibration error on held-out impressions under ${calibrationError}`,
      figure: plain(figures.ece),
      met: figures.ece < calibrationError,
      isAim: false,
    },
  ];
}
