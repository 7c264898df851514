import { availableParallelism } from 'node:os';
import { readConfig, type Config } from '#platform/config/config.ts';
import { openDatabase, type Database } from '#platform/database/database.ts';
import { migrate } from '#platform/database/migrate.ts';
import { remoteEmbeddingOf, type RemoteEmbedding } from '#platform/embedder/remote-embedding.ts';
import { createLogger, type Logger } from '#platform/logging/logger.ts';
import { openVectorIndex } from '#platform/vectors/open-vector-index.ts';
import {
  trainForecaster,
  type TrainedForecaster,
} from '../../subgraphs/feed/learning/forecaster/train-forecaster.ts';
import { trainItemNeighbours } from '../../subgraphs/feed/learning/train-item-neighbours.ts';
import { trainItemVectors } from '../../subgraphs/feed/learning/train-item-vectors.ts';
import { trainTasteClusters } from '../../subgraphs/feed/learning/taste-clusters/train-taste-clusters.ts';
import { VectorSupply } from '../../subgraphs/feed/vectors/vector-supply.ts';
import { UsageError } from '../command.ts';
import { createDisplay, type Display } from '../import/display.ts';
import { forecasterFigures, writeForecasterReport } from './forecaster-report.ts';

const hourMs = 3_600_000;

export interface TrainModelsOptions {
  readonly model: 'neighbours' | 'vectors' | 'segments' | 'forecaster' | 'all';
  readonly threads: number | undefined;
  readonly quick: boolean;
  /** Where to write how well the forecaster does. */
  readonly report: string | undefined;
}

/**
 * Trains on the configured database, through the server that holds it if there is one, with progress on standard error
 * and a report on standard output. A shared vector index is filled with the new vectors.
 * @throws UsageError for a number of threads that cannot be, and for a report of what is not trained.
 */
export async function trainModels({ model, threads, quick, report }: TrainModelsOptions): Promise<void> {
  const cores = threads ?? availableParallelism();
  if (!Number.isInteger(cores) || cores < 1 || cores > 64) throw new UsageError('--threads must be 1 to 64.');
  if (report !== undefined && model !== 'forecaster' && model !== 'all') {
    throw new UsageError('--report is of the forecaster: bouquet train forecaster --report FILE.');
  }
  const config = readConfig();
  const logger = createLogger(config.LOG_LEVEL);
  const database = await openDatabase(config, { share: true, logger });
  const display = createDisplay(process.stderr);
  try {
    await migrate(database.pool);
    const isAsked = (name: typeof model): boolean => model === 'all' || model === name;
    if (isAsked('neighbours')) await trainNeighbours(database, display, { threads: cores, quick });
    if (isAsked('vectors')) {
      await trainVectors(database, display, remoteEmbeddingOf(config));
      await fillSharedIndex(database, config, logger);
    }
    if (isAsked('segments')) await trainSegments(database, display);
    if (isAsked('forecaster')) {
      const rewardHours = config.EXPLORATION_REWARD_HOURS;
      const trained = await trainTheForecaster(database, display, { threads: cores, rewardHours });
      if (report !== undefined) writeForecasterReport(report, trained, rewardHours);
    }
  } finally {
    await database.close();
  }
}

async function trainNeighbours(
  database: Database,
  display: Display,
  { threads, quick }: { threads: number; quick: boolean },
): Promise<void> {
  const start = performance.now();
  display.begin('neighbours', 1);
  const { version, items, neighbours } = await trainItemNeighbours(database, {
    method: quick ? 'quick' : 'deep',
    threads,
    onProgress: (done, total) => display.update(done / total),
  });
  display.end();
  print(
    `Neighbours: version ${version} (${quick ? 'quick' : 'deep'}), ${count(items)} items with ${count(neighbours)} ` +
      `neighbours in ${secondsSince(start)} s.`,
  );
}

async function trainVectors(
  database: Database,
  display: Display,
  remote: RemoteEmbedding | null,
): Promise<void> {
  const start = performance.now();
  display.begin('vectors', 1);
  const { version, method, learned, inferred } = await trainItemVectors(database, {
    remote,
    onProgress: (done, total) => display.update(done / total),
  });
  display.end();
  const way =
    method === 'deep'
      ? `${count(learned)} items by who chose them, ${count(inferred)} by tags and vendor`
      : `${count(inferred)} items by their texts (${remote?.name ?? 'an embedding trained on them'})`;
  print(`Vectors: version ${version}, ${way}, in ${secondsSince(start)} s.`);
}

async function fillSharedIndex(database: Database, config: Config, logger: Logger): Promise<void> {
  if (config.QDRANT_URL === undefined) return;
  const supply = new VectorSupply(database, openVectorIndex(config), logger);
  await supply.refill();
  await supply.stop();
  print('Filled the shared vector index.');
}

async function trainSegments(database: Database, display: Display): Promise<void> {
  const start = performance.now();
  display.begin('segments', 1);
  const { version, clusters, users } = await trainTasteClusters(database, {
    onProgress: (done, total) => display.update(done / total),
  });
  display.end();
  print(
    `Segments: version ${version}, ${count(clusters)} taste clusters of ${count(users)} users in ${secondsSince(start)} s.`,
  );
}

async function trainTheForecaster(
  database: Database,
  display: Display,
  { threads, rewardHours }: { threads: number; rewardHours: number },
): Promise<TrainedForecaster> {
  const start = performance.now();
  display.begin('forecaster', 1);
  const trained = await trainForecaster(database, {
    threads,
    windowMs: rewardHours * hourMs,
    onProgress: (done, total) => display.update(done / total),
  });
  display.end();
  const { version, fitted } = trained;
  const outcome = fitted === null ? 'too few saves to learn from' : forecasterFigures(fitted);
  print(`Forecaster: version ${version}, ${outcome}, in ${secondsSince(start)} s.`);
  return trained;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function count(value: number): string {
  return value.toLocaleString('en');
}

function secondsSince(start: number): string {
  return ((performance.now() - start) / 1000).toFixed(1);
}
