import type { IncomingMessage, ServerResponse } from 'node:http';
import type { GatewayRuntime } from '@graphql-hive/gateway-runtime';
import { RequestError } from '#platform/errors/request-error.ts';
import { HttpError } from '#platform/http/http-error.ts';
import type { BouquetContext } from '../execution/request-context.ts';
import { fetchRequestOf } from './fetch-request.ts';

/**
 * Milliseconds that one request has. A feed has its own deadlines inside 450 ms; this one is for what has none, and
 * shorter than the time-outs that clients usually have.
 */
const requestDeadlineMs = 5_000;

export interface TimedRequest {
  readonly request: IncomingMessage;
  /** Where the answer will go: nobody waits once it is closed. */
  readonly response: ServerResponse;
  /** Null for a request without one. */
  readonly body: Buffer | null;
  readonly context: BouquetContext;
  /** Milliseconds; `requestDeadlineMs` where it is absent. */
  readonly deadlineMs?: number;
}

/**
 * Runs a request and returns its answer. Once the deadline is over or the client is gone, nothing more is started for
 * it: the signal that the executors look at is aborted.
 * @throws RequestError `DEADLINE_EXCEEDED` after the deadline; HttpError where the client is gone.
 */
export async function answerInTime(
  gateway: GatewayRuntime<BouquetContext>,
  { request, response, body, context, deadlineMs = requestDeadlineMs }: TimedRequest,
): Promise<Response> {
  const aborting = new AbortController();
  const late = (): void => aborting.abort(deadlineExceeded(deadlineMs));
  const gone = (): void => aborting.abort(new HttpError(400, 'BAD_USER_INPUT', 'The client is gone.'));
  const timer = setTimeout(late, deadlineMs);
  response.once('close', gone);
  try {
    const asked = fetchRequestOf(gateway.fetchAPI, { request, body, signal: aborting.signal });
    return await gateway.fetch(asked, context);
  } finally {
    clearTimeout(timer);
    response.off('close', gone);
  }
}

function deadlineExceeded(deadlineMs: number): RequestError {
  return new RequestError(
    'DEADLINE_EXCEEDED',
    `There was no answer within ${deadlineMs} ms. Ask for less at once.`,
  );
}
