import type { IncomingMessage, ServerResponse } from 'node:http';
import { performance } from 'node:perf_hooks';
import type { GatewayRuntime } from '@graphql-hive/gateway-runtime';
import { statusOf } from '#platform/errors/http-status.ts';
import { RequestError } from '#platform/errors/request-error.ts';
import { limitBody } from '#platform/http/body-limit.ts';
import type { Logger } from '#platform/logging/logger.ts';
import type { Telemetry } from '#platform/telemetry/telemetry.ts';
import type { Callers } from '../callers/callers.ts';
import type { BouquetContext } from '../execution/request-context.ts';

export interface GraphqlHandlerOptions {
  readonly gateway: GatewayRuntime<BouquetContext>;
  readonly callers: Callers;
  readonly telemetry: Telemetry;
  readonly logger: Logger;
}

/** Returns the handler of `/graphql`: tells the caller, runs the operation, counts and logs the answer. */
export function graphqlHandler({ gateway, callers, telemetry, logger }: GraphqlHandlerOptions) {
  return async (request: IncomingMessage, response: ServerResponse, requestId: string): Promise<void> => {
    const start = performance.now();
    let failed = true;
    let refusal: RequestError | null = null;
    try {
      const caller = await callers.callerOf(request.headers);
      await limitBody(request);
      const bouquet: BouquetContext['bouquet'] = { caller, requestId, failed: false, document: null };
      await send(response, await gateway.handleNodeRequestAndResponse(request, response, { bouquet }));
      failed = bouquet.failed || response.statusCode >= 500;
    } catch (error) {
      // The server answers it; a credential that is refused is no failure of ours.
      if (error instanceof RequestError) refusal = error;
      failed = refusal === null || statusOf(refusal.code) >= 500;
      throw error;
    } finally {
      const durationMs = performance.now() - start;
      telemetry.recordRequest(durationMs, failed);
      const status = refusal === null ? response.statusCode : statusOf(refusal.code);
      logger.info({ requestId, status, durationMs, failed }, 'request');
    }
  };
}

async function send(response: ServerResponse, answer: Response): Promise<void> {
  response.statusCode = answer.status;
  for (const [name, value] of answer.headers) response.setHeader(name, value);
  response.end(Buffer.from(await answer.arrayBuffer()));
}
