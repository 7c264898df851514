import type { IncomingMessage, ServerResponse } from 'node:http';
import { performance } from 'node:perf_hooks';
import type { GatewayRuntime } from '@graphql-hive/gateway-runtime';
import { limitBody } from '#platform/http/body-limit.ts';
import type { Logger } from '#platform/logging/logger.ts';
import type { Telemetry } from '#platform/telemetry/telemetry.ts';
import type { BouquetContext } from '../execution/request-context.ts';
import { applyRateLimit } from '../rate-limit/rate-limit-headers.ts';
import type { RateLimiter } from '../rate-limit/rate-limiter.ts';
import { callerOf } from './caller.ts';

export interface GraphqlHandlerOptions {
  readonly gateway: GatewayRuntime<BouquetContext>;
  /** Whether `x-user-id` is believed: in development only. */
  readonly trustHeaders: boolean;
  readonly rateLimiter: RateLimiter;
  /** From which address a request was sent. */
  readonly addressOf: (request: IncomingMessage) => string;
  readonly telemetry: Telemetry;
  readonly logger: Logger;
}

/** Returns the handler of `/graphql`: tells the caller, counts the request against its limit, runs the operation, counts and logs the answer. */
export function graphqlHandler(options: GraphqlHandlerOptions) {
  const { gateway, trustHeaders, rateLimiter, addressOf, telemetry, logger } = options;
  return async (request: IncomingMessage, response: ServerResponse, requestId: string): Promise<void> => {
    const start = performance.now();
    let failed = true;
    try {
      const caller = callerOf(request.headers, { trustHeaders });
      const taken = rateLimiter.take(caller, addressOf(request));
      const state = taken instanceof Promise ? await taken : taken;
      // A refusal is no fault of ours.
      failed = state?.allowed !== false;
      applyRateLimit(response, state);
      await limitBody(request);
      const bouquet: BouquetContext['bouquet'] = { caller, requestId, failed: false };
      await send(response, await gateway.handleNodeRequestAndResponse(request, response, { bouquet }));
      failed = bouquet.failed || response.statusCode >= 500;
    } finally {
      const durationMs = performance.now() - start;
      telemetry.recordRequest(durationMs, failed);
      logger.info({ requestId, status: response.statusCode, durationMs, failed }, 'request');
    }
  };
}

async function send(response: ServerResponse, answer: Response): Promise<void> {
  response.statusCode = answer.status;
  for (const [name, value] of answer.headers) response.setHeader(name, value);
  response.end(Buffer.from(await answer.arrayBuffer()));
}
