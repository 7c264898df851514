import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '#platform/database/database.ts';
import { migrate } from '#platform/database/migrate.ts';
import { createLogger } from '#platform/logging/logger.ts';
import type { Display } from '../cli/import/display.ts';
import { runImport } from '../cli/import/run-import.ts';
import { goodbooks, readSaves } from './datasets/goodbooks.ts';
import { writeDataset } from './datasets/write-dataset.ts';
import { splitSaves, type Pair, type Split } from './metrics/split-saves.ts';
import { fetchFeed, fetchTrending, type ServedFeed } from './served-lists.ts';
import { startServerProcess } from './server-process.ts';

/** What one evaluated user was served, beside what was held out. */
export interface EvaluatedUser {
  readonly userId: string;
  readonly heldOut: ReadonlySet<string>;
  readonly feed: ServedFeed;
  /** Trending without the user's training items. */
  readonly trending: readonly string[];
}

export interface GoodbooksRun {
  readonly users: readonly EvaluatedUser[];
  readonly trainingPairs: number;
  /** Items with a training pair. */
  readonly catalogueSize: number;
}

/** The length of the lists that are judged. */
export const listLength = 20;

/** Trending is asked for this many, the most that a page has, so that 20 are left without the user's own. */
const trendingLength = 100;

/** Feeds that are asked for at once. */
const concurrency = 4;

/**
 * Imports goodbooks without the held-out saves into a folder that is removed afterwards, starts the server on it,
 * and asks over HTTP for every evaluated user's feed and for trending.
 */
export async function evaluateGoodbooks(dataFolder: string, display: Display): Promise<GoodbooksRun> {
  const pairs: Pair[] = [];
  for await (const pair of readSaves(dataFolder)) pairs.push(pair);
  const split = splitSaves(pairs);
  const folder = mkdtempSync(join(tmpdir(), 'bouquet-evaluation-'));
  try {
    const dataDir = join(folder, 'data');
    await importTraining({ dataFolder, folder, dataDir }, split, display);
    const server = await startServerProcess(dataDir);
    try {
      return {
        users: await askForAll(server.url, split, display),
        trainingPairs: split.training.length,
        catalogueSize: new Set(split.training.map(({ itemId }) => itemId)).size,
      };
    } finally {
      await server.stop();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function importTraining(
  { dataFolder, folder, dataDir }: { dataFolder: string; folder: string; dataDir: string },
  split: Split,
  display: Display,
): Promise<void> {
  const files = await writeDataset(goodbooks(dataFolder, split.training), join(folder, 'files'));
  const database = await openDatabase(
    { DATABASE_URL: undefined, DATABASE_POOL_SIZE: 4, DATA_DIR: dataDir },
    { logger: createLogger('error') },
  );
  try {
    await migrate(database.pool);
    const { rejected } = await runImport(database, { ...files, display });
    if (rejected > 0) throw new Error(`The import rejected ${rejected} lines of goodbooks.`);
  } finally {
    await database.close();
  }
}

async function askForAll(url: string, split: Split, display: Display): Promise<EvaluatedUser[]> {
  const training = new Map([...split.heldOut.keys()].map((userId) => [userId, new Set<string>()]));
  for (const { userId, itemId } of split.training) training.get(userId)?.add(itemId);
  const waiting = [...split.heldOut];
  const users: EvaluatedUser[] = [];
  display.begin('feeds', waiting.length);
  const trending = await fetchTrending(url, waiting[0]?.[0] ?? '1', trendingLength);
  const work = async (): Promise<void> => {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const [userId, heldOut] = next;
      const own = training.get(userId);
      users.push({
        userId,
        heldOut,
        feed: await fetchFeed(url, userId, listLength),
        trending: trending.filter((id) => own?.has(id) !== true),
      });
      display.update(users.length);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  display.end();
  return users.toSorted((a, b) => Number(a.userId) - Number(b.userId));
}
