import { handleAll, type CircuitBreakerPolicy } from 'cockatiel';
import { createBreaker } from '#platform/resilience/circuit-breaker.ts';
import { withDeadline } from '#platform/resilience/with-deadline.ts';
import type { Telemetry } from '#platform/telemetry/telemetry.ts';

interface Dependent {
  readonly name: string;
  readonly deadlineMs: number;
}

/** Runs `work` of one component behind its breaker; a late answer counts as a failed one. */
export type Guard = <T>(component: Dependent, work: () => Promise<T>) => Promise<T>;

/**
 * Returns a guard that keeps one breaker for each name of a component, for as long as the guard lives.
 * The guarded work throws TaskCancelledError after the component's deadline and BrokenCircuitError while its breaker is open.
 */
export function guardByBreakers(telemetry: Telemetry): Guard {
  const breakers = new Map<string, CircuitBreakerPolicy>();
  return ({ name, deadlineMs }, work) => {
    let breaker = breakers.get(name);
    if (breaker === undefined) {
      breaker = createBreaker(handleAll);
      breakers.set(name, breaker);
      telemetry.watchBreaker(name, breaker);
    }
    return breaker.execute(() => withDeadline(deadlineMs, work));
  };
}
