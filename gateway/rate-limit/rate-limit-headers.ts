import type { ServerResponse } from 'node:http';
import { RequestError } from '#platform/errors/request-error.ts';
import { windowSeconds } from './lease-source.ts';
import type { RateLimitState } from './rate-limiter.ts';

/**
 * Writes `RateLimit` and `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers-11), and for a refused request
 * `Retry-After` in seconds (RFC 9110, section 10.2.3), which by the draft is no earlier than the end of the window.
 * @throws RequestError `RATE_LIMITED` where the request is refused.
 */
export function applyRateLimit(response: ServerResponse, state: RateLimitState | null): void {
  if (state === null) return;
  const { allowed, policy, limit, remaining, resetSeconds } = state;
  response.setHeader('RateLimit-Policy', `"${policy}";q=${limit};w=${windowSeconds}`);
  response.setHeader('RateLimit', `"${policy}";r=${remaining};t=${resetSeconds}`);
  if (allowed) return;
  response.setHeader('Retry-After', Math.max(resetSeconds, 1));
  throw new RequestError(
    'RATE_LIMITED',
    `The limit of ${limit} requests an hour is reached. Repeat in ${Math.max(resetSeconds, 1)} s.`,
  );
}
