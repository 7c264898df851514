import { collectDefaultMetrics, Gauge, type Registry } from 'prom-client';
import type { Database } from '../database/database.ts';
import type { Telemetry } from './telemetry.ts';

/**
 * Adds to the counts of `telemetry` how the process is (CPU, memory, event-loop lag, garbage collection, database
 * connections), each series with the label `worker`. Call it once; it observes until the process ends.
 */
export function observeProcess(
  { telemetry, database }: { telemetry: Telemetry; database: Database },
  worker: string,
): Registry {
  const { registry } = telemetry.metrics;
  registry.setDefaultLabels({ worker });
  collectDefaultMetrics({ register: registry });
  const { pool } = database;
  const connections = new Gauge({
    name: 'bouquet_database_connections',
    help: 'Connections of the pool by state; `waiting` are callers without one.',
    labelNames: ['state'],
    registers: [registry],
    collect: () => {
      connections.set({ state: 'used' }, pool.totalCount - pool.idleCount);
      connections.set({ state: 'idle' }, pool.idleCount);
      connections.set({ state: 'waiting' }, pool.waitingCount);
    },
  });
  return registry;
}
