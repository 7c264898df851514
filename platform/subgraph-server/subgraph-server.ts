import type { IncomingMessage, ServerResponse } from 'node:http';
import { ApolloServer, HeaderMap } from '@apollo/server';
import { signedCallerHeader, type CallerSigner } from '../caller/signed-caller.ts';
import { maskFormattedError } from '../errors/mask-error.ts';
import { badUserInput, RequestError } from '../errors/request-error.ts';
import type { Subgraph } from '../graphql/subgraph.ts';
import { HttpServer } from '../http/http-server.ts';
import { maxBatchBodyBytes, readBody } from '../http/body.ts';
import type { Logger } from '../logging/logger.ts';

export interface SubgraphServerOptions {
  readonly subgraph: Subgraph;
  readonly signer: CallerSigner;
  readonly ready: () => Promise<boolean>;
  readonly logger: Logger;
}

/** Longer than a gateway that ends at the same time waits for the last requests on its connections. */
const quietMs = 1_000;

/** Serves one subgraph over HTTP by Apollo Server. Only what the gateway has signed is answered. */
export async function createSubgraphServer(options: SubgraphServerOptions): Promise<HttpServer> {
  const { subgraph, signer, logger } = options;
  const apollo = new ApolloServer({
    schema: subgraph.schema,
    introspection: false,
    csrfPrevention: false,
    stopOnTerminationSignals: false,
    includeStacktraceInErrorResponses: false,
    formatError: (formatted, error) => maskFormattedError(formatted, error, logger),
    logger,
  });
  await apollo.start();
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const signed = await verifiedCaller(signer, request);
    const { status, headers, body } = await apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: {
        method: request.method ?? 'POST',
        headers: headerMap(request),
        search: new URL(request.url ?? '/', 'http://subgraph').search,
        body: parseJson(await readBody(request, maxBatchBodyBytes)),
      },
      context: () => Promise.resolve(subgraph.createContext(signed)),
    });
    response.statusCode = status ?? 200;
    for (const [name, value] of headers) response.setHeader(name, value);
    if (body.kind === 'complete') response.end(body.string);
    else throw new Error('A subgraph answers whole; it was asked for an incremental answer.');
  };
  return new HttpServer({ graphql: answer, ready: options.ready, quietMs, logger });
}

async function verifiedCaller(
  signer: CallerSigner,
  request: IncomingMessage,
): Promise<NonNullable<Awaited<ReturnType<CallerSigner['verify']>>>> {
  const token = request.headers[signedCallerHeader];
  const signed = typeof token === 'string' ? await signer.verify(token) : null;
  if (signed === null) {
    throw new RequestError('UNAUTHENTICATED', 'A subgraph answers the gateway only. Ask the gateway.');
  }
  return signed;
}

function headerMap(request: IncomingMessage): HeaderMap {
  const map = new HeaderMap();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) map.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  return map;
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw badUserInput('The body is not JSON.');
  }
}
