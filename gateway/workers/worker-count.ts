import { availableParallelism } from 'node:os';
import type { Config } from '#platform/config/config.ts';

/**
 * How many workers serve: as `WORKERS` says; else one for each processor in production on PostgreSQL, and one where the
 * database is embedded, since that is a single session, or in development.
 */
export function workerCount(
  config: Pick<Config, 'WORKERS' | 'NODE_ENV' | 'DATABASE_URL'>,
  processors = availableParallelism(),
): number {
  if (typeof config.WORKERS === 'number') return config.WORKERS;
  const several =
    config.WORKERS === 'auto' || (config.NODE_ENV === 'production' && config.DATABASE_URL !== undefined);
  return several ? Math.min(processors, 64) : 1;
}
