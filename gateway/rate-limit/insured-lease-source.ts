import { circuitBreaker, handleAll, SamplingBreaker } from 'cockatiel';
import type { Logger } from '#platform/logging/logger.ts';
import { withPatience } from '#platform/resilience/with-patience.ts';
import { BoundedMemoryLimiter } from './bounded-memory-limiter.ts';
import { CountedLeaseSource } from './counted-lease-source.ts';
import type { Lease, LeaseRequest, LeaseSource } from './lease-source.ts';

/** Design: half of at least 20 calls in 10 s failed; one probe after 10 s. */
const breakerWindow = { threshold: 0.5, duration: 10_000, minimumRps: 2 };
const breakerMs = 10_000;

/**
 * Leases from `shared`, which may fail or be late: then this process counts for itself, from what it last heard. (Counting
 * from nothing, as rate-limiter-flexible's own `insuranceLimiter` does, one late answer would give a caller a new hour.)
 */
export class InsuredLeaseSource implements LeaseSource {
  readonly #shared: LeaseSource['lease'];
  readonly #deadlineMs: number;
  readonly #counter = new BoundedMemoryLimiter();
  readonly #own = new CountedLeaseSource(this.#counter);
  readonly #breaker = circuitBreaker(handleAll, {
    halfOpenAfter: breakerMs,
    breaker: new SamplingBreaker(breakerWindow),
  });

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
