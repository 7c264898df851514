import type { RateLimiterAbstract } from 'rate-limiter-flexible';
import { BoundedMemoryLimiter } from './bounded-memory-limiter.ts';
import type { Lease, LeaseRequest, LeaseSource } from './lease-source.ts';

/** Leases from a counter of rate-limiter-flexible, whose own limit has to be out of reach: each request brings its own. */
export class CountedLeaseSource implements LeaseSource {
  readonly #counter: RateLimiterAbstract;

  constructor(counter: RateLimiterAbstract) {
    this.#counter = counter;
  }

  async lease({ subject, used, wanted, limit }: LeaseRequest): Promise<Lease> {
    const { consumedPoints, msBeforeNext } = await this.#counter.consume(subject, used);
    const remaining = Math.max(limit - consumedPoints, 0);
    return { granted: Math.min(wanted, remaining), remaining, resetMs: msBeforeNext };
  }
}

/** Leases from the memory of this process: for one worker, and in the primary for all of them. */
export function memoryLeaseSource(): LeaseSource {
  return new CountedLeaseSource(new BoundedMemoryLimiter());
}
