import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from '#platform/database/database.ts';
import { migrate } from '#platform/database/migrate.ts';
import type { Display } from '../../cli/import/display.ts';
import { contentsTable } from '../../cli/import/tables/contents-table.ts';
import { interactionsTable } from '../../cli/import/tables/interactions-table.ts';
import type { Table } from '../../cli/import/tables/table.ts';
import { vendorsTable } from '../../cli/import/tables/vendors-table.ts';
import {
  generateMarketplace,
  marketplaceSize,
  type Marketplace,
  type MarketplaceSize,
} from '../../cli/seed/generate-marketplace.ts';
import { usualRewards } from '../../subgraphs/feed/exploration/update-arms.ts';
import type { ImportedInteraction } from '../../subgraphs/feed/import-interactions.ts';
import { caseFeatures } from '../../subgraphs/feed/learning/forecaster/case-features.ts';
import { featureNames } from '../../subgraphs/feed/agents/ranking-features.ts';
import type { ForecastCase } from '../../subgraphs/feed/learning/forecaster/forecast-world.ts';
import { impressionCases } from '../../subgraphs/feed/learning/forecaster/impression-cases.ts';
import {
  judgeForecasts,
  type ForecastFigures,
} from '../../subgraphs/feed/learning/forecaster/reliability.ts';
import {
  trainForecaster,
  type TrainedForecaster,
} from '../../subgraphs/feed/learning/forecaster/train-forecaster.ts';
import { ModelShelf } from '../../subgraphs/feed/learning/served-models.ts';
import { trainItemNeighbours } from '../../subgraphs/feed/learning/train-item-neighbours.ts';
import { trainItemVectors } from '../../subgraphs/feed/learning/train-item-vectors.ts';
import { trainingThreads } from '../stack/train-stack.ts';
import { withDatabase } from '../stack/with-database.ts';
import { readServedWorld } from './read-served-world.ts';

/** When the generated marketplace ends, so that anybody measures the same one. */
const reference = new Date('2026-06-01T12:00:00Z');

/** The share of the impressions that is held out, the latest. */
const heldOutShare = 0.2;

export interface MarketplaceForecasts {
  /** What it was trained on; null where there was too little, of which nothing is forecast. */
  readonly trained: TrainedForecaster['fitted'];
  /** On the held-out impressions. */
  readonly figures: ForecastFigures;
  /** Of training the forecaster alone. */
  readonly seconds: number;
}

/**
 * Imports the marketplace of `bouquet seed` up to a time, trains every model on it as a server does, and forecasts what came
 * of the impressions after it, each by what the user had chosen until then.
 */
export async function judgeMarketplace(
  display: Display,
  size: MarketplaceSize = marketplaceSize,
): Promise<MarketplaceForecasts> {
  const folder = mkdtempSync(join(tmpdir(), 'bouquet-evaluation-'));
  try {
    return await withDatabase(join(folder, 'data'), (database) =>
      judge(database, generateMarketplace(reference, size), display),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function judge(
  database: Database,
  marketplace: Marketplace,
  display: Display,
): Promise<MarketplaceForecasts> {
  const { interactions } = marketplace;
  const shown = interactions.filter(({ type }) => type === 'IMPRESSION');
  const from = shown[Math.floor(shown.length * (1 - heldOutShare))]?.occurredAt ?? reference;
  display.note(`marketplace: held out from ${from.toISOString()} on`);
  await store(database, {
    ...marketplace,
    interactions: interactions.filter(({ occurredAt }) => occurredAt <= from),
  });
  await trainItemNeighbours(database, { threads: trainingThreads });
  await trainItemVectors(database);
  const start = performance.now();
  const { fitted } = await trainForecaster(database, { threads: trainingThreads });
  const seconds = (performance.now() - start) / 1000;
  if (fitted === null) throw new Error('The marketplace has too few saves for a forecaster.');
  const models = new ModelShelf(database);
  await models.load();
  const { forecaster } = models;
  if (forecaster === null) throw new Error('No forecaster is served.');
  const world = await readServedWorld(database, models);
  const forecasts: number[] = [];
  const labels: number[] = [];
  for (const entry of heldOutCases(interactions, from)) {
    const features = caseFeatures(world, entry);
    for (const [row, { saved }] of entry.shown.entries()) {
      const own = features.subarray(row * featureNames.length, (row + 1) * featureNames.length);
      forecasts.push(forecaster.probability(own));
      labels.push(saved ? 1 : 0);
    }
  }
  return {
    trained: fitted,
    figures: judgeForecasts(Float64Array.from(forecasts), Uint8Array.from(labels)),
    seconds,
  };
}

async function store(database: Database, { vendors, contents, interactions }: Marketplace): Promise<void> {
  await migrate(database.pool);
  await storeTable(database, vendorsTable, vendors);
  await storeTable(database, contentsTable, contents);
  await storeTable(database, interactionsTable, interactions);
}

async function storeTable<Row>(database: Database, table: Table<Row>, rows: readonly Row[]): Promise<void> {
  for (let start = 0; start < rows.length; start += table.chunkRows) {
    await database.transaction((tx) => table.store(tx, rows.slice(start, start + table.chunkRows)));
  }
}

function heldOutCases(interactions: readonly ImportedInteraction[], from: Date): ForecastCase[] {
  const { windowMs } = usualRewards;
  const window = { from: from.getTime(), until: reference.getTime() - windowMs, windowMs };
  const relevant = interactions.filter(({ type }) => !['VIEW', 'CLICK', 'HIDE'].includes(type));
  return [...Map.groupBy(relevant, ({ userId }) => userId)].flatMap(([userId, own]) =>
    impressionCases(
      {
        userId,
        acts: own.map(({ contentId, type, occurredAt }) => ({
          id: contentId,
          type,
          at: occurredAt.getTime(),
        })),
        follows: [],
      },
      window,
    ),
  );
}
