import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Caller } from '#platform/caller/caller.ts';
import type { Callers } from '../callers/callers.ts';
import { requestsOf } from '../limits/body-size.ts';
import { applyRateLimit } from '../rate-limit/rate-limit-headers.ts';
import type { RateLimiter } from '../rate-limit/rate-limiter.ts';

export interface AdmissionOptions {
  readonly callers: Pick<Callers, 'callerOf'>;
  readonly rateLimiter: Pick<RateLimiter, 'take'>;
  /** From which address a request was sent. */
  readonly addressOf: (request: IncomingMessage) => string;
}

/** Tells who sends a request, which counts against their limit. */
export type Admission = (request: IncomingMessage, response: ServerResponse) => Promise<Caller>;

/**
 * What each request passes before anything else: its caller, and the limit of that caller, whose state the answer's headers
 * tell. A large body counts for several requests.
 * @throws RequestError `UNAUTHENTICATED` and what else `Callers` throws; `RATE_LIMITED`.
 */
export function admission({ callers, rateLimiter, addressOf }: AdmissionOptions): Admission {
  return async (request, response) => {
    const caller = await callers.callerOf(request.headers);
    const address = addressOf(request);
    const taken = rateLimiter.take(caller, address, requestsOf(request, caller));
    applyRateLimit(response, taken instanceof Promise ? await taken : taken);
    return caller;
  };
}
