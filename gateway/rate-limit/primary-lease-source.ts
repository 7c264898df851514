import type { Logger } from '#platform/logging/logger.ts';
import { InsuredLeaseSource } from './insured-lease-source.ts';
import type { Lease, LeaseRequest, LeaseSource } from './lease-source.ts';

/** Asks `leaseQuestion` of the cluster's primary, which answers by `lease` of one `memoryLeaseSource()` for all workers. */
export type AskForLease = (request: LeaseRequest) => Promise<Lease>;

/**
 * Milliseconds for a lease. The primary lives as long as its workers do, so it is never away, only busy while a flood of
 * connections goes through it; then a caller who has spent a lease waits rather than getting a second limit.
 */
export const primaryLeaseDeadlineMs = 3_000;

/** Leases from the cluster's primary, in which the workers of a host count together. */
export function primaryLeaseSource(ask: AskForLease, logger: Logger): LeaseSource {
  return new InsuredLeaseSource(ask, { deadlineMs: primaryLeaseDeadlineMs, logger });
}
