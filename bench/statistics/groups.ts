import type { Cell, Group } from './cell.ts';
import { cuped } from './cells/cuped.ts';
import { falseDiscoveries } from './cells/false-discoveries.ts';
import { power } from './cells/power.ts';
import { ratioMetrics } from './cells/ratio-metrics.ts';
import { relativeCoverage } from './cells/relative-coverage.ts';
import { sequentialCoverage } from './cells/sequential-coverage.ts';
import { typeOneError } from './cells/type-one-error.ts';

/** Everything that is calibrated, in the order of the page. */
export const groups: readonly Group[] = [
  typeOneError,
  relativeCoverage,
  ratioMetrics,
  sequentialCoverage,
  cuped,
  power,
  falseDiscoveries,
];

export const cells: readonly Cell[] = groups.flatMap((group) => group.cells);
