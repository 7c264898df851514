import { Counter, Gauge } from 'prom-client';
import type { OpenPlatform } from '#platform/open-platform.ts';
import { observeProcess } from '#platform/telemetry/process-metrics.ts';
import { startAdminServer, type AdminServer } from './admin/admin-server.ts';
import { urlOf } from './http/url-of.ts';
import type { RunningServer } from './running-server.ts';
import { serveLeases } from './rate-limit/lease-source-of.ts';
import { ConnectionAcceptor } from './workers/connection-acceptor.ts';
import { metricFamilies, metricsText } from './workers/metric-families.ts';
import { serveCaches } from './workers/primary-cache.ts';
import { WorkerPool } from './workers/worker-pool.ts';

export interface RunningWorkers extends Pick<RunningServer, 'url' | 'adminUrl' | 'close'> {
  /** Resolves when all workers have been ready. */
  readonly allReady: Promise<void>;
}

/**
 * Listens, starts `count` processes that run this same command as workers, and what is done once for all of them. This
 * process, the primary, answers no request. Returns when the first worker takes connections.
 * @throws WorkerStartError when none can.
 */
export async function startWorkers(platform: OpenPlatform, count: number): Promise<RunningWorkers> {
  const { config, logger } = platform;
  const acceptor = new ConnectionAcceptor();
  const port = await acceptor.listen(config.PORT, config.HOST);
  const pool = new WorkerPool({
    count,
    acceptor,
    environment: { PORT: String(port) },
    spares: config.SPARE_WORKERS,
    logger,
  });
  const endCaches = serveCaches();
  const endLeases = serveLeases();
  let admin: AdminServer | null = null;
  try {
    if (config.ADMIN_PORT !== undefined) {
      admin = await startAdminServer({
        port: config.ADMIN_PORT,
        host: config.HOST,
        metrics: clusterMetrics(platform, pool),
        ready: async () => !pool.isStopping && pool.readyCount > 0 && (await platform.ready()),
        logger,
      });
    }
    await pool.start();
  } catch (error) {
    await acceptor.close();
    endCaches();
    endLeases();
    await admin?.close();
    throw error;
  }
  return {
    url: urlOf(config.HOST, port),
    adminUrl: admin?.url ?? null,
    allReady: pool.allReady,
    close: async () => {
      await pool.stop();
      endCaches();
      endLeases();
      await admin?.close();
    },
  };
}

/** Metrics of the primary and of every worker that answers in time, with those that do not as `bouquet_worker_up` 0. */
function clusterMetrics(platform: OpenPlatform, pool: WorkerPool): () => Promise<string> {
  const registry = observeProcess(platform, 'primary');
  const up = new Gauge({
    name: 'bouquet_worker_up',
    help: '1 for a worker that has told its metrics, 0 for one that is not there or hangs.',
    labelNames: ['worker'],
    registers: [registry],
  });
  const restarts = new Counter({
    name: 'bouquet_worker_restarts_total',
    help: 'How often a worker has been replaced.',
    labelNames: ['worker'],
    registers: [registry],
  });
  const spares = new Gauge({
    name: 'bouquet_spare_workers',
    help: 'Processes that stand by and could take the place of a worker at once.',
    registers: [registry],
  });
  return async () => {
    const reports = await pool.reports();
    spares.set(pool.spareCount);
    restarts.reset();
    for (const report of reports) {
      const worker = String(report.worker);
      up.set({ worker }, report.metrics === null ? 0 : 1);
      restarts.inc({ worker }, report.restarts);
    }
    const own = await metricFamilies(registry);
    return metricsText([own, ...reports.flatMap(({ metrics }) => (metrics === null ? [] : [metrics]))]);
  };
}
