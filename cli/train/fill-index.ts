import { readConfig } from '#platform/config/config.ts';
import { openDatabase } from '#platform/database/database.ts';
import { migrate } from '#platform/database/migrate.ts';
import { createLogger } from '#platform/logging/logger.ts';
import { openVectorIndex } from '#platform/vectors/open-vector-index.ts';
import { VectorSupply } from '../../subgraphs/feed/vectors/vector-supply.ts';
import { createDisplay } from '../import/display.ts';

/** Fills the shared vector index with progress on standard error; returns a sentence on what happened. */
export async function fillIndex({ dryRun }: { dryRun: boolean }): Promise<string> {
  const config = readConfig();
  if (config.QDRANT_URL === undefined) {
    return 'Without QDRANT_URL each server fills an index of its own when it starts: nothing to do.';
  }
  const logger = createLogger(config.LOG_LEVEL);
  const database = await openDatabase(config, { share: true, logger });
  const index = openVectorIndex(config);
  const supply = new VectorSupply(database, index, logger);
  try {
    await migrate(database.pool);
    const { version, vectors } = await supply.supplied();
    if (vectors === 0) return 'There are no vectors yet: run bouquet train vectors.';
    const held = `the index holds ${count(await index.count())} of version ${(await index.version()) ?? 'none'}`;
    const stored = `The database has ${count(vectors)} vectors of version ${version}`;
    if (dryRun) return `${stored}, ${held}.`;
    const display = createDisplay(process.stderr);
    const start = performance.now();
    display.begin('reindex', vectors);
    await supply.refill({ anew: true, onProgress: ({ done }) => display.update(done) });
    display.end();
    return `Filled the index with ${count(await index.count())} vectors in ${((performance.now() - start) / 1000).toFixed(1)} s.`;
  } finally {
    await supply.stop();
    await database.close();
  }
}

function count(value: number): string {
  return value.toLocaleString('en');
}
