import cluster from 'node:cluster';
import type { OpenPlatform } from '#platform/open-platform.ts';
import { answerWorkers, askPrimary } from '../workers/primary-channel.ts';
import { memoryLeaseSource } from './counted-lease-source.ts';
import { leaseQuestion } from './lease-question.ts';
import type { LeaseSource } from './lease-source.ts';
import { primaryLeaseSource } from './primary-lease-source.ts';
import { redisLeaseSource } from './redis-lease-source.ts';

/** Longer than a lease waits for its source. */
const deadlineMs = 200;

/** Where this process leases from: Redis where there is one, the primary in a worker, else its own memory. */
export function leaseSourceOf({ redis, logger }: Pick<OpenPlatform, 'redis' | 'logger'>): LeaseSource {
  if (redis !== null) return redisLeaseSource(redis.client(), logger);
  if (!cluster.isWorker) return memoryLeaseSource();
  return primaryLeaseSource((request) => askPrimary(leaseQuestion, request, deadlineMs), logger);
}

/** Runs in the primary: leases to all workers from one memory. Returns how to end that. */
export function serveLeases(): () => void {
  const source = memoryLeaseSource();
  return answerWorkers(leaseQuestion, (request) => source.lease(request));
}
