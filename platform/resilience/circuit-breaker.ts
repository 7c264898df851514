import {
  circuitBreaker,
  CircuitState,
  SamplingBreaker,
  type CircuitBreakerPolicy,
  type Policy,
} from 'cockatiel';

/** Half of at least 20 calls in 10 s. */
const window = { threshold: 0.5, duration: 10_000, minimumRps: 2 };

/** An open breaker lets one call through after this long, in ms, unless it is told otherwise. */
export const breakerRestMs = 10_000;

/**
 * A breaker that opens when half of at least 20 calls in 10 s fail by `failures`, and that after `halfOpenMs` ms lets one
 * call probe whether it may close. While it is open `execute` throws cockatiel's BrokenCircuitError at once.
 */
export function createBreaker(failures: Policy, halfOpenMs = breakerRestMs): CircuitBreakerPolicy {
  return circuitBreaker(failures, { halfOpenAfter: halfOpenMs, breaker: new SamplingBreaker(window) });
}

export const breakerStates = ['CLOSED', 'OPEN', 'HALF_OPEN'] as const;

export type BreakerState = (typeof breakerStates)[number];

/** The state of `breaker` as the contract names it; one that was opened by hand counts as open. */
export function stateOf({ state }: CircuitBreakerPolicy): BreakerState {
  if (state === CircuitState.Closed) return 'CLOSED';
  return state === CircuitState.HalfOpen ? 'HALF_OPEN' : 'OPEN';
}
