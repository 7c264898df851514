import { handleAll } from 'cockatiel';
import type { Logger } from '#platform/logging/logger.ts';
import { createBreaker } from '#platform/resilience/circuit-breaker.ts';
import { withPatience } from '#platform/resilience/with-patience.ts';
import { BoundedMemoryLimiter } from './bounded-memory-limiter.ts';
import { CountedLeaseSource } from './counted-lease-source.ts';
import type { Lease, LeaseRequest, LeaseSource } from './lease-source.ts';

/**
 * Leases from `shared`, which may fail or be late: then this process counts for itself, from what it last heard. (Counting
 * from nothing, as rate-limiter-flexible's own `insuranceLimiter` does, one late answer would give a caller a new hour.)
 */
export class InsuredLeaseSource implements LeaseSource {
  readonly #shared: LeaseSource['lease'];
  readonly #deadlineMs: number;
  readonly #counter = new BoundedMemoryLimiter();
  readonly #own = new CountedLeaseSource(this.#counter);
  readonly #breaker = createBreaker(handleAll);

  /** `deadlineMs`: how long a lease may take until this process counts for itself. */
  constructor(shared: LeaseSource['lease'], { deadlineMs, logger }: { deadlineMs: number; logger: Logger }) {
    this.#shared = shared;
    this.#deadlineMs = deadlineMs;
    this.#breaker.onBreak((failure) => {
      logger.warn({ failure }, 'rate limits are counted in this process alone');
    });
    this.#breaker.onReset(() => logger.warn('rate limits are counted together again'));
  }

  async lease(request: LeaseRequest): Promise<Lease> {
    try {
      const lease = await this.#breaker.execute(() =>
        withPatience(this.#deadlineMs, () => this.#shared(request)),
      );
      const { remaining, resetMs } = lease;
      // For 0 s the counter would keep it for good.
      await this.#counter.set(request.subject, request.limit - remaining, Math.max(resetMs, 1) / 1000);
      return lease;
    } catch {
      return this.#own.lease(request);
    }
  }
}
