import { handleAll, isBrokenCircuitError } from 'cockatiel';
import { createBreaker } from '../resilience/circuit-breaker.ts';

export interface CallGuard {
  /** The result of `call`; `otherwise` where it fails, is late or is not tried, because many have failed of late. */
  attempt<R>(call: () => Promise<R>, otherwise: R): Promise<R>;
  /** As `attempt`, but tried whatever came before: what is not forgotten would be read again. */
  insist<R>(call: () => Promise<R>, otherwise: R): Promise<R>;
}

/** Guards the calls of one cache by a breaker. `inTime` gives a call its deadline; `onFailure` hears what is swallowed. */
export function guardCalls(
  inTime: <R>(call: () => Promise<R>) => Promise<R>,
  onFailure: (error: unknown) => void,
): CallGuard {
  const breaker = createBreaker(handleAll);
  const orElse = async <R>(call: () => Promise<R>, otherwise: R): Promise<R> => {
    try {
      return await call();
    } catch (error) {
      if (!isBrokenCircuitError(error)) onFailure(error);
      return otherwise;
    }
  };
  return {
    attempt: (call, otherwise) => orElse(() => breaker.execute(() => inTime(call)), otherwise),
    insist: (call, otherwise) => orElse(() => inTime(call), otherwise),
  };
}
