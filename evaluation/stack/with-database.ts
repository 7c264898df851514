import { openDatabase, type Database } from '#platform/database/database.ts';
import { createLogger } from '#platform/logging/logger.ts';

/** Does `work` on an embedded database in `dataDir`. */
export async function withDatabase<T>(dataDir: string, work: (database: Database) => Promise<T>): Promise<T> {
  const database = await openDatabase(
    { DATABASE_URL: undefined, DATABASE_POOL_SIZE: 4, DATA_DIR: dataDir },
    { logger: createLogger('error') },
  );
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}
