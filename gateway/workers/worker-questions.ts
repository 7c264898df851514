import { z } from 'zod';
import { metricFamiliesSchema } from './metric-families.ts';

const nothing = z.null();

/** From a worker: it listens, under the number that it was given. */
export const workerReady = {
  kind: 'worker.ready',
  payload: z.object({ worker: z.int() }),
  answer: nothing,
};

/** From a worker: why it cannot start, as one would tell a person, and the exit code that this deserves. */
export const workerFailed = {
  kind: 'worker.failed',
  payload: z.object({ worker: z.int(), message: z.string().max(20_000), exitCode: z.literal([1, 2]) }),
  answer: nothing,
};

/** To a worker: take no new connection; answered when it takes none. */
export const stopAccepting = { kind: 'worker.stop-accepting', payload: nothing, answer: nothing };

/** To a worker: answer what is in flight and end; answered at once. */
export const drain = { kind: 'worker.drain', payload: nothing, answer: nothing };

/** To a worker: what it has counted, for Prometheus. */
export const workerMetrics = { kind: 'worker.metrics', payload: nothing, answer: metricFamiliesSchema };
