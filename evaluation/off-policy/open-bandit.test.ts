import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { defaultDataFolder } from '../datasets/dataset.ts';
import { estimatePolicy } from './estimate.ts';
import { overlapOf, refusalsOf } from './overlap.ts';
import { readOpenBandit } from './read-open-bandit.ts';

const folder = join(defaultDataFolder, 'obd');

// The data is not part of the repository.
describe.skipIf(!existsSync(folder))(`Open Bandit, if in ${folder}`, () => {
  it('is refused for WOMEN, with the published figures', async () => {
    const log = await readOpenBandit(join(folder, 'bts_women.csv.gz'), 'uniform');
    const overlap = overlapOf(log.choices);
    expect(overlap.effectiveSampleSize).toBeCloseTo(2.08, 2);
    expect(overlap.largestWeight).toBeCloseTo(21_739.13, 2);
    expect(overlap.meanWeight).toBeCloseTo(3.1342, 4);
    const { ipw, snipw } = estimatePolicy(log);
    expect(ipw.value).toBeCloseTo(0.007_437_6, 7);
    expect(snipw.value).toBeCloseTo(0.002_373_0, 7);
    expect(refusalsOf(overlap)).toHaveLength(1);
  });

  it('is the click rate for the logs that the uniform policy wrote', async () => {
    for (const campaign of ['men', 'women']) {
      const log = await readOpenBandit(join(folder, `random_${campaign}.csv.gz`), 'uniform');
      const clicks = log.choices.reduce((sum, { reward }) => sum + reward, 0);
      expect(estimatePolicy(log).ipw.value).toBeCloseTo(clicks / 10_000, 10);
      expect(overlapOf(log.choices).effectiveSampleSize).toBeCloseTo(10_000, 4);
      expect(refusalsOf(overlapOf(log.choices))).toEqual([]);
    }
  });
});
