import { openDatabase } from '#platform/database/database.ts';
import { migrate } from '#platform/database/migrate.ts';
import { createLogger } from '#platform/logging/logger.ts';
import { seedMarketplace } from '../../cli/seed/seed-marketplace.ts';
import { trainItemNeighbours } from '../../subgraphs/feed/learning/train-item-neighbours.ts';
import { trainItemVectors } from '../../subgraphs/feed/learning/train-item-vectors.ts';

/** People of a generated marketplace whose feeds are measured; each row of a table has one feed of each. */
export const benchUsers = 200;

/** Where the marketplace goes: into PGlite in a folder, or into a PostgreSQL. */
export interface BenchTarget {
  readonly dataDir: string;
  readonly databaseUrl?: string;
}

/**
 * Fills an empty database with a generated marketplace of `contents` entries, a tenth as many vendors and 60,000
 * interactions, and trains on it, so that the server has nothing left to train.
 */
export async function fillForBench({ dataDir, databaseUrl }: BenchTarget, contents: number): Promise<void> {
  const database = await openDatabase(
    { DATABASE_URL: databaseUrl, DATABASE_POOL_SIZE: 4, DATA_DIR: dataDir },
    { logger: createLogger('error') },
  );
  try {
    await migrate(database.pool);
    await seedMarketplace(database, {
      size: { vendors: Math.ceil(contents / 10), contents, users: benchUsers, interactions: 60_000 },
    });
    await trainItemNeighbours(database, { threads: 2 });
    await trainItemVectors(database);
  } finally {
    await database.close();
  }
}
