import type { IncomingMessage, ServerResponse } from 'node:http';
import { performance } from 'node:perf_hooks';
import type { GatewayRuntime } from '@graphql-hive/gateway-runtime';
import { RequestError } from '#platform/errors/request-error.ts';
import { maxBatchBodyBytes, readBody } from '#platform/http/body.ts';
import { HttpError, statusOfCode } from '#platform/http/http-error.ts';
import { requireJson } from '#platform/http/json-only.ts';
import { pagePolicy } from '#platform/http/security-headers.ts';
import type { Logger } from '#platform/logging/logger.ts';
import type { Telemetry } from '#platform/telemetry/telemetry.ts';
import type { BouquetContext } from '../execution/request-context.ts';
import { answerInTime } from './answer-in-time.ts';
import { callerOf } from './caller.ts';

export interface GraphqlHandlerOptions {
  readonly gateway: GatewayRuntime<BouquetContext>;
  /** Whether `x-user-id` is believed: in development only. */
  readonly trustHeaders: boolean;
  readonly telemetry: Telemetry;
  readonly logger: Logger;
}

/** Returns the handler of `/graphql`: tells the caller, runs the operation, counts and logs the answer. */
export function graphqlHandler({ gateway, trustHeaders, telemetry, logger }: GraphqlHandlerOptions) {
  return async (request: IncomingMessage, response: ServerResponse, requestId: string): Promise<void> => {
    const start = performance.now();
    let failed = true;
    try {
      const caller = callerOf(request.headers, { trustHeaders });
      requireJson(request);
      // Who may send how much is known with the operation only; see gateway/limits/.
      const body = request.method === 'POST' ? await readBody(request, maxBatchBodyBytes) : null;
      const bouquet: BouquetContext['bouquet'] = {
        caller,
        requestId,
        failed: false,
        bodyBytes: body?.length ?? 0,
        persisted: false,
      };
      await send(response, await answerInTime(gateway, { request, response, body, context: { bouquet } }));
      failed = bouquet.failed || response.statusCode >= 500;
    } catch (error) {
      failed = isOwnFault(error);
      throw error;
    } finally {
      const durationMs = performance.now() - start;
      telemetry.recordRequest(durationMs, failed);
      logger.info({ requestId, status: response.statusCode, durationMs, failed }, 'request');
    }
  };
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

function isOwnFault(error: unknown): boolean {
  if (error instanceof HttpError) return error.status >= 500;
  return !(error instanceof RequestError) || statusOfCode(error.code) >= 500;
}
