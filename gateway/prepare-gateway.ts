import { CallerSigner } from '#platform/caller/signed-caller.ts';
import { subgraphUrls, type SubgraphName } from '#platform/config/config.ts';
import type { Subgraph } from '#platform/graphql/subgraph.ts';
import { clientAddress, TrustedProxies } from '#platform/http/client-address.ts';
import { Cors } from '#platform/http/cors.ts';
import { HttpServer } from '#platform/http/http-server.ts';
import type { OpenPlatform } from '#platform/open-platform.ts';
import { openCallers } from './callers/open-callers.ts';
import { startDocuments } from './documents/start-documents.ts';
import { countRun } from './documents/use-documents.ts';
import { executeDocument } from './execution/execute-document.ts';
import { createGateway, type SubgraphPlace } from './execution/gateway-runtime.ts';
import { featuresPrefix, featuresRoute } from './features/features-route.ts';
import { ServedFeatures } from './features/served-features.ts';
import { admission } from './http/admission.ts';
import { graphqlHandler } from './http/graphql-handler.ts';
import { leaseSourceOf } from './rate-limit/lease-source-of.ts';
import { RateLimiter } from './rate-limit/rate-limiter.ts';
import { restRoute } from './rest/rest.ts';
import { runServer, type PreparedServer } from './running-server.ts';
import { readFeatures } from '../subgraphs/experiments/index.ts';
import { subgraphFactories } from './subgraph-factories.ts';

/**
 * Prepares the gateway, with every subgraph that has no URL in process. It keeps up with keys and documents from then on, by
 * one connection to the database.
 */
export async function prepareGateway(platform: OpenPlatform): Promise<PreparedServer> {
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
  for (const subgraph of subgraphs) await subgraph.prepare?.();
  const development = config.NODE_ENV !== 'production';
  const callers = await openCallers(platform);
  const documents = await startDocuments(platform);
  const features = new ServedFeatures({ read: (known) => readFeatures(platform.database, known), logger });
  await features.start();
  const gateway = createGateway({
    places,
    documents,
    freeQueries: { mode: config.FREE_QUERIES, development },
    logger,
  });
  const rateLimiter = new RateLimiter({
    source: leaseSourceOf(platform),
    perHour: config.RATE_LIMIT_PER_HOUR,
    lease: config.RATE_LIMIT_LEASE,
    keyLimit: (id) => callers.keyLimit(id),
  });
  const proxies = new TrustedProxies(config.TRUSTED_PROXIES);
  const admit = admission({ callers, rateLimiter, addressOf: (request) => clientAddress(request, proxies) });
  const featuresOf = featuresRoute({
    features,
    checkClientKey: (text) => callers.checkClientKey(text),
    admit,
  });
  const rest = restRoute({
    documents: documents.registry,
    lookAgain: () => documents.lookAgain(),
    schema: await gateway.getSchema(),
    execute: (document, variables, request) => {
      countRun(documents, document, request.bouquet.caller);
      return executeDocument(gateway, { text: document.text, variables, ...request }, logger);
    },
    callerOf: admit,
    telemetry,
    logger,
  });
  const server = new HttpServer({
    graphql: graphqlHandler({ gateway, admit, documents: documents.registry, telemetry, logger }),
    route: (path) => featuresOf(path) ?? rest(path),
    ready: () => platform.ready(),
    cors: new Cors({ origins: config.CORS_ORIGINS, localhost: development, openPrefix: featuresPrefix }),
    logger,
  });
  const role = subgraphs.length === places.size ? 'all-in-one' : 'gateway';
  return {
    run: async (worker) => {
      const running = await runServer(platform, {
        server,
        subgraphs,
        everyConsumers: [features.consumer],
        role,
        worker,
      });
      return {
        ...running,
        close: async () => {
          await running.close();
          await callers.close();
          await documents.stop();
          await features.stop();
          await gateway[Symbol.asyncDispose]();
        },
      };
    },
  };
}
