import { readConfig } from '#platform/config/config.ts';
import { openDatabase } from '#platform/database/database.ts';
import { migrate } from '#platform/database/migrate.ts';
import { createLogger } from '#platform/logging/logger.ts';
import { createDisplay } from '../import/display.ts';
import { seedMarketplace } from './seed-marketplace.ts';

/** Seeds the configured database with progress on standard error; returns a sentence on what happened. */
export async function seedOnce(): Promise<string> {
  const config = readConfig();
  const database = await openDatabase(config, { share: true, logger: createLogger(config.LOG_LEVEL) });
  try {
    await migrate(database.pool);
    const display = createDisplay(process.stderr);
    const start = performance.now();
    let begun = false;
    const { seeded, counts } = await seedMarketplace(database, {
      onProgress: (done, total) => {
        if (!begun) display.begin('seeding', total);
        begun = true;
        display.update(done);
        if (done === total) display.end();
      },
    });
    if (!seeded) return 'The database holds content, or an import has begun: nothing was changed.';
    const parts = Object.entries(counts).map(([what, count]) => `${count.toLocaleString('en')} ${what}`);
    return `Generated ${parts.join(', ')} in ${((performance.now() - start) / 1000).toFixed(1)} s.`;
  } finally {
    await database.close();
  }
}
