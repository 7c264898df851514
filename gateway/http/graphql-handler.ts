import type { IncomingMessage, ServerResponse } from 'node:http';
import { performance } from 'node:perf_hooks';
import type { GatewayRuntime } from '@graphql-hive/gateway-runtime';
import type { Caller } from '#platform/caller/caller.ts';
import { statusOf } from '#platform/errors/http-status.ts';
import { RequestError } from '#platform/errors/request-error.ts';
import { readBody } from '#platform/http/body.ts';
import { HttpError } from '#platform/http/http-error.ts';
import { requireJson } from '#platform/http/json-only.ts';
import { pagePolicy } from '#platform/http/security-headers.ts';
import type { Logger } from '#platform/logging/logger.ts';
import type { Telemetry } from '#platform/telemetry/telemetry.ts';
import type { DocumentRegistry } from '../documents/document-registry.ts';
import type { BouquetContext } from '../execution/request-context.ts';
import { largestBody } from '../limits/body-size.ts';
import { checkLargeBody, isLargeBatch } from '../limits/large-batches.ts';
import type { Admission } from './admission.ts';
import { answerInTime } from './answer-in-time.ts';
import { checkQueryString } from './check-query-string.ts';

export interface GraphqlHandlerOptions {
  readonly gateway: GatewayRuntime<BouquetContext>;
  readonly admit: Admission;
  readonly documents: DocumentRegistry;
  readonly telemetry: Telemetry;
  readonly logger: Logger;
}

/** Returns the handler of `/graphql`: admits the caller, runs the operation, counts and logs the answer. */
export function graphqlHandler({ gateway, admit, documents, telemetry, logger }: GraphqlHandlerOptions) {
  return async (request: IncomingMessage, response: ServerResponse, requestId: string): Promise<void> => {
    const start = performance.now();
    let failed = true;
    let refusal: number | null = null;
    try {
      const caller = await admit(request, response);
      requireJson(request);
      checkQueryString(request);
      const body = request.method === 'POST' ? await readBody(request, largestBody(request, caller)) : null;
      if (body !== null) checkLargeBody(body, caller, (id) => isBatchDocument(documents, id, caller));
      const bouquet: BouquetContext['bouquet'] = {
        caller,
        requestId,
        failed: false,
        document: null,
        bodyBytes: body?.length ?? 0,
      };
      await send(response, await answerInTime(gateway, { request, response, body, context: { bouquet } }));
      failed = bouquet.failed || response.statusCode >= 500;
    } catch (error) {
      // The server answers it; what is the client's mistake is no failure of ours.
      refusal = statusOfRefusal(error);
      failed = refusal >= 500;
      throw error;
    } finally {
      const durationMs = performance.now() - start;
      telemetry.recordRequest(durationMs, failed);
      logger.info({ requestId, status: refusal ?? response.statusCode, durationMs, failed }, 'request');
    }
  };
}

function isBatchDocument(documents: DocumentRegistry, id: string, caller: Caller): boolean {
  const document = documents.find(id, caller);
  const entry = document === null ? null : documents.entryOf(document);
  return entry !== null && isLargeBatch(entry.node, undefined);
}

async function send(response: ServerResponse, answer: Response): Promise<void> {
  response.statusCode = answer.status;
  for (const [name, value] of answer.headers) {
    if (name === 'vary') response.appendHeader(name, value);
    else response.setHeader(name, value);
  }
  if (answer.headers.get('content-type')?.startsWith('text/html') === true) {
    response.setHeader('content-security-policy', pagePolicy);
  }
  response.end(Buffer.from(await answer.arrayBuffer()));
}

function statusOfRefusal(error: unknown): number {
  if (error instanceof HttpError) return error.status;
  return error instanceof RequestError ? statusOf(error.code) : 500;
}
