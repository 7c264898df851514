/**
 * `npm run bench:exploration [-- --write]`: what exploration regrets in simulated worlds, whether logged propensities are
 * true, whether off-policy evaluation covers, and what the slots of a feed cost. `--write` writes `docs/exploration.md` and
 * its pictures. Ends with 0 when every bar was met, 1 when one was missed.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { convergenceRun } from './exploration/convergence-run.ts';
import { measureCoverage } from './exploration/measure-coverage.ts';
import { measurePropensities } from './exploration/measure-propensities.ts';
import { measureRegret } from './exploration/measure-regret.ts';
import { measureSpeed } from './exploration/measure-speed.ts';
import { barsOf, reportOf, type Measured } from './exploration/report.ts';

const docs = join(import.meta.dirname, '../docs');
const pictureFolder = 'exploration';

const { values } = parseArgs({ options: { write: { type: 'boolean', default: false } } });

/** Says on standard error what is being measured. */
function step<T>(name: string, measure: () => T): T {
  process.stderr.write(`${name} …\n`);
  return measure();
}

const measured: Measured = {
  speed: step('Speed', measureSpeed),
  regrets: {
    additive: step('Regret in the additive world', () => measureRegret('additive')),
    drifting: step('Regret in the drifting world', () => measureRegret('drifting')),
    bilinear: step('Regret in the bilinear world', () => measureRegret('bilinear')),
  },
  convergence: step('Convergence', () => convergenceRun(1, [0, 1_000, 4_000, 10_000, 40_000])),
  propensities: step('Propensities', () => [...measurePropensities(1), ...measurePropensities(2)]),
  coverage: step('Coverage of off-policy evaluation', measureCoverage),
};
const bars = barsOf(measured);
const { page, pictures } = reportOf(measured, bars, pictureFolder);
process.stdout.write(page);
if (values.write) {
  mkdirSync(join(docs, pictureFolder), { recursive: true });
  writeFileSync(join(docs, 'exploration.md'), page);
  for (const [name, svg] of pictures) writeFileSync(join(docs, pictureFolder, name), svg);
}
if (!bars.every(({ met }) => met)) process.exitCode = 1;
