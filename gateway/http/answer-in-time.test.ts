import { EventEmitter, once } from 'node:events';
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CallerSigner } from '#platform/caller/signed-caller.ts';
import { subgraphNames } from '#platform/config/config.ts';
import { HttpServer } from '#platform/http/http-server.ts';
import { createLogger } from '#platform/logging/logger.ts';
import { noDocuments } from '../documents/test/no-documents.ts';
import { createGateway } from '../execution/gateway-runtime.ts';
import { answerInTime } from './answer-in-time.ts';

describe('answerInTime', () => {
  const asked = new EventEmitter<{ request: [IncomingMessage, ServerResponse] }>();
  /** Takes every request and never answers. */
  const subgraphs = createServer((request, response) => asked.emit('request', request, response));
  const logger = createLogger('silent');
  let server: HttpServer;
  let url: string;
  let deadlineMs = 400;
  let close: () => Promise<void>;

  beforeAll(async () => {
    await new Promise<void>((resolve) => subgraphs.listen(0, '127.0.0.1', resolve));
    const address = subgraphs.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const signer = new CallerSigner(Buffer.alloc(32, 1).toString('base64'));
    const place = { kind: 'http', url: `http://127.0.0.1:${address.port}/graphql`, signer } as const;
    const gateway = createGateway({
      places: new Map(subgraphNames.map((name) => [name, place])),
      documents: noDocuments,
      freeQueries: { mode: 'known', development: true },
      logger,
    });
    // Composed on the first use, which is not to count against the deadline.
    await gateway.getSchema();
    const caller = {
      kind: 'anonymous',
      anonymousId: null,
      scopes: new Set<never>(),
      region: null,
      locale: null,
      key: null,
    } as const;
    server = new HttpServer({
      graphql: async (request, response, requestId) => {
        const bouquet = { caller, requestId, failed: false, bodyBytes: 0, document: null };
        const body = null;
        await answerInTime(gateway, { request, response, body, context: { bouquet }, deadlineMs });
      },
      ready: () => Promise.resolve(true),
      logger,
    });
    url = `http://127.0.0.1:${await server.listen(0, '127.0.0.1')}`;
    close = async () => {
      await server.drain(100);
      await gateway[Symbol.asyncDispose]();
      subgraphs.closeAllConnections();
      subgraphs.close();
    };
  });
  afterAll(() => close());

  const target = (): string => `${url}/graphql?query=${encodeURIComponent('{ categories { slug } }')}`;

  it('answers DEADLINE_EXCEEDED and leaves the subgraph alone', async () => {
    const reached = once(asked, 'request');
    const answer = fetch(target());
    const [, response]: ServerResponse[] = await reached;
    if (response === undefined) throw new Error('not asked');
    const left = once(response, 'close');
    expect([(await answer).status, await (await answer).json()]).toEqual([
      504,
      {
        errors: [
          {
            message: 'There was no answer within 400 ms. Ask for less at once.',
            extensions: { code: 'DEADLINE_EXCEEDED' },
          },
        ],
      },
    ]);
    await left;
  });

  it('leaves the subgraph alone when the client is gone', async () => {
    deadlineMs = 60_000;
    const reached = once(asked, 'request');
    const client = httpRequest(target()).on('error', () => undefined);
    client.end();
    const [, response]: ServerResponse[] = await reached;
    if (response === undefined) throw new Error('not asked');
    const left = once(response, 'close');
    client.destroy();
    await left;
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });
});
