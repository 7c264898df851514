import { isBrokenCircuitError, isTaskCancelledError } from 'cockatiel';
import type { Degradation } from './component.ts';

/** Told of what a component threw. */
export type FailureListener = (component: string, error: unknown) => void;

/** Names a component that was left out for `error`, and tells `onFailure` of it. */
export function leftOut(
  { name, deadlineMs }: { readonly name: string; readonly deadlineMs: number },
  error: unknown,
  onFailure: FailureListener,
): Degradation {
  // An open breaker has been heard of as often as it failed.
  if (!isBrokenCircuitError(error)) onFailure(name, error);
  return { component: name, cause: causeOf(error, deadlineMs) };
}

/** Why a component was left out, in words that hold no internals. */
export function causeOf(error: unknown, deadlineMs: number): string {
  if (isTaskCancelledError(error)) return `no answer within ${deadlineMs} ms`;
  return isBrokenCircuitError(error) ? 'failed too often; its breaker is open' : 'failed';
}
