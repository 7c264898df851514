/**
 * The gateway as it was before it had callers, limits, documents and a rate limit: who asks stands in `x-user-id`, and
 * whatever is posted is run. At `/read-before/graphql` the same with the body handed over as the whole server does, which
 * is faster. Started as a process of its own, with the environment of `bouquet start`; for comparison only.
 */
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { performance } from 'node:perf_hooks';
import { createGatewayRuntime } from '@graphql-hive/gateway-runtime';
import { unifiedGraphHandler } from '@graphql-hive/router-runtime';
import { subgraphNames } from '#platform/config/config.ts';
import { maxBatchBodyBytes, readBody } from '#platform/http/body.ts';
import { HttpServer, type RequestHandler } from '#platform/http/http-server.ts';
import { openPlatform } from '#platform/open-platform.ts';
import { inProcessExecutor } from '../../gateway/execution/in-process-executor.ts';
import { usePublicErrors } from '../../gateway/execution/public-errors.ts';
import type { BouquetContext } from '../../gateway/execution/request-context.ts';
import { useNullPropagation } from '../../gateway/execution/use-null-propagation.ts';
import { withCheckedScalars } from '../../gateway/execution/checked-scalars.ts';
import { fetchRequestOf } from '../../gateway/http/fetch-request.ts';
import { runServer } from '../../gateway/running-server.ts';
import { subgraphFactories } from '../../gateway/subgraph-factories.ts';

const platform = await openPlatform();
const { logger, telemetry } = platform;
const subgraphs = subgraphNames.map((name) => subgraphFactories[name](platform));
const gateway = createGatewayRuntime<BouquetContext>({
  supergraph: readFileSync(new URL('../../schema/supergraph.graphql', import.meta.url), 'utf8'),
  unifiedGraphHandler: async (handled) => {
    const router = await unifiedGraphHandler(handled);
    return { ...router, unifiedGraph: withCheckedScalars(router.unifiedGraph) };
  },
  transports: {
    http: {
      getSubgraphExecutor: ({ subgraphName }) => {
        const subgraph = subgraphs.find(({ name }) => name === subgraphName.toLowerCase());
        if (subgraph === undefined)
          throw new Error(`The supergraph names an unknown subgraph ${subgraphName}.`);
        return inProcessExecutor(subgraph, logger);
      },
    },
  },
  graphqlEndpoint: '/graphql',
  graphiql: false,
  landingPage: false,
  maskedErrors: false,
  subgraphErrors: false,
  requestId: false,
  cors: false,
  logging: false,
  multipart: false,
  plugins: () => [useNullPropagation(), usePublicErrors(logger)],
});
/** Has `run` answer a request, whose caller is believed to be whoever it says. */
function handler(
  run: (request: IncomingMessage, response: ServerResponse, context: BouquetContext) => Promise<Response>,
): RequestHandler {
  return async (request, response, requestId) => {
    const start = performance.now();
    const bouquet: BouquetContext['bouquet'] = {
      caller: {
        kind: 'user',
        userId: String(request.headers['x-user-id']),
        scopes: new Set(),
        region: null,
        locale: null,
        key: null,
      },
      requestId,
      failed: false,
      document: null,
      bodyBytes: 0,
    };
    await send(response, await run(request, response, { bouquet }));
    const durationMs = performance.now() - start;
    telemetry.recordRequest(durationMs, bouquet.failed);
    logger.info({ requestId, status: response.statusCode, durationMs, failed: bouquet.failed }, 'request');
  };
}

const readByGateway = handler(async (request, response, context) =>
  gateway.handleNodeRequestAndResponse(request, response, context),
);
const readBefore = handler(async (request, _response, context) => {
  const body = await readBody(request, maxBatchBodyBytes);
  request.url = '/graphql';
  const { signal } = new AbortController();
  return gateway.fetch(fetchRequestOf(gateway.fetchAPI, { request, body, signal }), context);
});
const server = new HttpServer({
  graphql: readByGateway,
  route: (path) => (path === '/read-before/graphql' ? readBefore : null),
  ready: () => platform.ready(),
  logger,
});
const running = await runServer(platform, { server, subgraphs, role: 'all-in-one', worker: 0 });
process.stdout.write(`The bare gateway answers at ${running.url}/graphql\n`);
process.once('SIGTERM', () => void end());

async function end(): Promise<void> {
  await running.close();
  await gateway[Symbol.asyncDispose]();
  await platform.close();
}

async function send(response: ServerResponse, answer: Response): Promise<void> {
  response.statusCode = answer.status;
  for (const [name, value] of answer.headers) response.setHeader(name, value);
  response.end(Buffer.from(await answer.arrayBuffer()));
}
