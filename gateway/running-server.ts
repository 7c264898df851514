import { EventDelivery } from '#platform/events/event-delivery.ts';
import type { Subgraph } from '#platform/graphql/subgraph.ts';
import type { HttpServer } from '#platform/http/http-server.ts';
import type { OpenPlatform } from '#platform/open-platform.ts';
import { ProcessReporter } from '#platform/telemetry/process-reporter.ts';

export interface RunningServer {
  /** Where it answers, without a path. */
  readonly url: string;
  /** Answers what is in flight, writes out what is in hand, and ends. The platform stays open. */
  close(): Promise<void>;
}

export interface ServerParts {
  readonly server: HttpServer;
  /** The subgraphs that this process executes. */
  readonly subgraphs: readonly Subgraph[];
  /** What the process is, for its telemetry. */
  readonly role: string;
}

/** Milliseconds that requests in flight have when the server is told to end. */
const drainGraceMs = 10_000;

/** Listens, starts the subgraphs, the delivery of events to them and the telemetry reports. */
export async function runServer(
  platform: OpenPlatform,
  { server, subgraphs, role }: ServerParts,
): Promise<RunningServer> {
  const { config } = platform;
  // First of all, so that a port in use ends the start before anything runs.
  const port = await server.listen(config.PORT, config.HOST);
  const events = new EventDelivery(platform, {
    once: subgraphs.flatMap((subgraph) => subgraph.consumers),
    every: subgraphs.flatMap((subgraph) => subgraph.everyConsumers ?? []),
  });
  const reporter = new ProcessReporter(platform, { role });
  // Before the subgraphs load, so that no event falls between what they load and what they are told.
  await events.open();
  await Promise.all(subgraphs.map((subgraph) => subgraph.start()));
  events.start();
  reporter.start();
  const host = config.HOST.includes(':') ? `[${config.HOST}]` : config.HOST;
  return {
    url: `http://${host}:${port}`,
    close: async () => {
      await server.drain(drainGraceMs);
      await Promise.all(subgraphs.map((subgraph) => subgraph.stop()));
      await events.stop();
      await reporter.stop();
    },
  };
}
