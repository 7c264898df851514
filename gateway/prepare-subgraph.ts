import { CallerSigner } from '#platform/caller/signed-caller.ts';
import { ConfigError, type SubgraphName } from '#platform/config/config.ts';
import type { OpenPlatform } from '#platform/open-platform.ts';
import { createSubgraphServer } from '#platform/subgraph-server/subgraph-server.ts';
import { runServer, type PreparedServer } from './running-server.ts';
import { subgraphFactories } from './subgraph-factories.ts';

/**
 * Prepares to serve subgraph `name` alone over HTTP, for a gateway elsewhere.
 * @throws ConfigError without `GATEWAY_SIGNING_KEY`: nobody could be told from the gateway.
 */
export async function prepareSubgraph(platform: OpenPlatform, name: SubgraphName): Promise<PreparedServer> {
  const { config, logger } = platform;
  if (config.GATEWAY_SIGNING_KEY === undefined) {
    throw new ConfigError([
      'GATEWAY_SIGNING_KEY: must be set, the same for the gateway and its subgraphs (32 bytes or more in base64)',
    ]);
  }
  const subgraph = subgraphFactories[name](platform);
  await subgraph.prepare?.();
  const server = await createSubgraphServer({
    subgraph,
    signer: new CallerSigner(config.GATEWAY_SIGNING_KEY),
    ready: () => platform.ready(),
    logger,
  });
  return { run: (worker) => runServer(platform, { server, subgraphs: [subgraph], role: name, worker }) };
}
