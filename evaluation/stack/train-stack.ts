import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { Database } from '#platform/database/database.ts';
import { migrate } from '#platform/database/migrate.ts';
import type { Display } from '../../cli/import/display.ts';
import { runImport } from '../../cli/import/run-import.ts';
import { trainForecaster } from '../../subgraphs/feed/learning/forecaster/train-forecaster.ts';
import { trainTasteClusters } from '../../subgraphs/feed/learning/taste-clusters/train-taste-clusters.ts';
import {
  trainItemNeighbours,
  type TrainOptions,
} from '../../subgraphs/feed/learning/train-item-neighbours.ts';
import { trainItemVectors } from '../../subgraphs/feed/learning/train-item-vectors.ts';
import type { Dataset } from '../datasets/dataset.ts';
import { writeDataset } from '../datasets/write-dataset.ts';

/** What it took to learn from a data set. */
export interface TrainingCost {
  readonly importSeconds: number;
  readonly neighboursSeconds: number;
  readonly vectorsSeconds: number;
  readonly forecasterSeconds: number;
  /** Items with a learned vector, and with one made up from tags and vendor. */
  readonly learned: number;
  readonly inferred: number;
  /** The largest resident size of this process up to then, with everything in it. */
  readonly peakBytes: number;
}

/** Threads that the neighbours are trained on. */
export const trainingThreads = 2;

/**
 * Imports a data set into an empty database and trains neighbours and vectors deeply and a forecaster, by what `bouquet import` and
 * a server's training call. `folder` takes the import files.
 * @throws Error when the import rejects a line.
 */
export async function trainStack(
  database: Database,
  { dataset, folder, display }: { dataset: Dataset; folder: string; display: Display },
): Promise<TrainingCost> {
  await migrate(database.pool);
  const importStart = performance.now();
  const files = await writeDataset(dataset, join(folder, 'files'));
  const { rejected } = await runImport(database, { ...files, display });
  if (rejected > 0) throw new Error(`The import rejected ${rejected} lines of the data set.`);
  const neighboursStart = performance.now();
  await shown(display, 'neighbours', (onProgress) =>
    trainItemNeighbours(database, { method: 'deep', threads: trainingThreads, onProgress }),
  );
  const vectorsStart = performance.now();
  const { learned, inferred } = await shown(display, 'vectors', (onProgress) =>
    trainItemVectors(database, { onProgress }),
  );
  const forecasterStart = performance.now();
  await shown(display, 'forecaster', (onProgress) =>
    trainForecaster(database, { threads: trainingThreads, onProgress }),
  );
  const forecasterEnd = performance.now();
  // What a server lacks it would train while it is asked for feeds.
  await trainTasteClusters(database);
  return {
    importSeconds: (neighboursStart - importStart) / 1000,
    neighboursSeconds: (vectorsStart - neighboursStart) / 1000,
    vectorsSeconds: (forecasterStart - vectorsStart) / 1000,
    forecasterSeconds: (forecasterEnd - forecasterStart) / 1000,
    learned,
    inferred,
    peakBytes: process.resourceUsage().maxRSS * 1024,
  };
}

async function shown<T>(
  display: Display,
  step: string,
  work: (onProgress: NonNullable<TrainOptions['onProgress']>) => Promise<T>,
): Promise<T> {
  display.begin(step, 1);
  const result = await work((done, total) => display.update(total === 0 ? 0 : done / total));
  display.end();
  return result;
}
