import { CallerSigner } from '#platform/caller/signed-caller.ts';
import { subgraphUrls, type SubgraphName } from '#platform/config/config.ts';
import type { Subgraph } from '#platform/graphql/subgraph.ts';
import { HttpServer } from '#platform/http/http-server.ts';
import type { OpenPlatform } from '#platform/open-platform.ts';
import { createGateway, type SubgraphPlace } from './execution/gateway-runtime.ts';
import { graphqlHandler } from './http/graphql-handler.ts';
import { runServer, type RunningServer } from './running-server.ts';
import { subgraphFactories } from './subgraph-factories.ts';

/** Starts the gateway, with every subgraph that has no URL in process. */
export async function startGateway(platform: OpenPlatform): Promise<RunningServer> {
  const { config, logger, telemetry } = platform;
  const places = new Map<SubgraphName, SubgraphPlace>();
  const subgraphs: Subgraph[] = [];
  for (const [name, url] of subgraphUrls(config)) {
    if (url === undefined || config.GATEWAY_SIGNING_KEY === undefined) {
      const subgraph = subgraphFactories[name](platform);
      subgraphs.push(subgraph);
      places.set(name, { kind: 'in-process', subgraph });
    } else {
      places.set(name, { kind: 'http', url, signer: new CallerSigner(config.GATEWAY_SIGNING_KEY) });
    }
  }
  const development = config.NODE_ENV !== 'production';
  const gateway = createGateway({ places, graphiql: development, logger });
  const server = new HttpServer({
    graphql: graphqlHandler({ gateway, trustHeaders: development, telemetry, logger }),
    ready: () => platform.ready(),
    logger,
  });
  const role = subgraphs.length === places.size ? 'all-in-one' : 'gateway';
  const running = await runServer(platform, { server, subgraphs, role });
  return {
    ...running,
    close: async () => {
      await running.close();
      await gateway[Symbol.asyncDispose]();
    },
  };
}
