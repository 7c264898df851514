import cluster from 'node:cluster';
import { Gauge } from 'prom-client';
import { EventDelivery } from '#platform/events/event-delivery.ts';
import type { EveryConsumer } from '#platform/events/every-consumer.ts';
import type { Subgraph } from '#platform/graphql/subgraph.ts';
import type { HttpServer } from '#platform/http/http-server.ts';
import type { OpenPlatform } from '#platform/open-platform.ts';
import { observeProcess } from '#platform/telemetry/process-metrics.ts';
import { ProcessReporter } from '#platform/telemetry/process-reporter.ts';
import { startAdminServer, type AdminServer } from './admin/admin-server.ts';
import { urlOf } from './http/url-of.ts';
import { metricFamilies } from './workers/metric-families.ts';
import { answerPrimary } from './workers/primary-channel.ts';
import { takeConnections } from './workers/take-connections.ts';
import { workerMetrics } from './workers/worker-questions.ts';

export interface RunningServer {
  /** Where it answers, without a path. */
  readonly url: string;
  /** Where `/metrics` answers, without a path; null where there is no admin port, and in a worker. */
  readonly adminUrl: string | null;
  /** Takes no new connection from now on; those that are open go on. A step of `close` for workers to take together. */
  stopAccepting(): Promise<void>;
  /** Answers what is in flight, writes out what is in hand, and ends. The platform stays open. */
  close(): Promise<void>;
}

/** A server that has loaded and made all that it needs and does nothing yet. */
export interface PreparedServer {
  /** Begins to serve; `worker` is this process's number among the workers, 0 where there are none. Call it once. */
  run(worker: number): Promise<RunningServer>;
}

export interface ServerParts {
  readonly server: HttpServer;
  /** The subgraphs that this process executes. */
  readonly subgraphs: readonly Subgraph[];
  /** What the process does with events beside its subgraphs. */
  readonly everyConsumers?: readonly EveryConsumer[];
  /** What the process is, for its telemetry. */
  readonly role: string;
  /** The process's number among the workers, which its successor takes over; 0 where there are none. */
  readonly worker: number;
}

/** Milliseconds that requests in flight have when the server is told to end. */
const drainGraceMs = 10_000;

/** Listens, or takes connections from the primary, starts the subgraphs, the delivery of events to them and the telemetry reports. */
export async function runServer(
  platform: OpenPlatform,
  { server, subgraphs, everyConsumers = [], role, worker }: ServerParts,
): Promise<RunningServer> {
  const { config } = platform;
  // First of all, so that a port in use ends the start before anything runs.
  const port = cluster.isWorker ? config.PORT : await server.listen(config.PORT, config.HOST);
  let isServing = false;
  let admin: AdminServer | null;
  try {
    admin = await tellMetrics(platform, worker, async () => isServing && (await platform.ready()));
  } catch (error) {
    await server.drain(0);
    throw error;
  }
  const events = new EventDelivery(platform, {
    once: subgraphs.flatMap((subgraph) => subgraph.consumers),
    every: [...subgraphs.flatMap((subgraph) => subgraph.everyConsumers ?? []), ...everyConsumers],
  });
  const reporter = new ProcessReporter(platform, { role, workerId: worker });
  // Before the subgraphs load, so that no event falls between what they load and what they are told.
  await events.open();
  await Promise.all(subgraphs.map((subgraph) => subgraph.start()));
  events.start();
  reporter.start();
  if (cluster.isWorker) takeConnections(server.takeConnections());
  isServing = true;
  return {
    url: urlOf(config.HOST, port),
    adminUrl: admin?.url ?? null,
    stopAccepting: () => server.stopAccepting(),
    close: async () => {
      isServing = false;
      await server.drain(drainGraceMs);
      await Promise.all(subgraphs.map((subgraph) => subgraph.stop()));
      await events.stop();
      await reporter.stop();
      await admin?.close();
    },
  };
}

/** Where there is an admin port: serves it, or, in a worker, tells the primary, which does. */
async function tellMetrics(
  platform: OpenPlatform,
  worker: number,
  ready: () => Promise<boolean>,
): Promise<AdminServer | null> {
  const { config, logger } = platform;
  if (config.ADMIN_PORT === undefined) return null;
  const registry = observeProcess(platform, String(worker));
  if (cluster.isWorker) {
    answerPrimary(workerMetrics, () => metricFamilies(registry));
    return null;
  }
  new Gauge({
    name: 'bouquet_worker_up',
    help: 'Always 1: this server has no workers beside this process.',
    registers: [registry],
  }).set(1);
  const metrics = (): Promise<string> => registry.metrics();
  return startAdminServer({ port: config.ADMIN_PORT, host: config.HOST, metrics, ready, logger });
}
