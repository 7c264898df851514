import type { Logger } from '#platform/logging/logger.ts';
import { InsuredLeaseSource } from './insured-lease-source.ts';
import type { Lease, LeaseRequest, LeaseSource } from './lease-source.ts';

/** Sends a request to the cluster's primary, which answers it by `lease` of a `memoryLeaseSource()` of its own. */
export type AskForLease = (request: LeaseRequest) => Promise<Lease>;

/** Leases from the cluster's primary, in which the workers of a host count together. */
export function primaryLeaseSource(ask: AskForLease, logger: Logger): LeaseSource {
  return new InsuredLeaseSource(ask, logger);
}
