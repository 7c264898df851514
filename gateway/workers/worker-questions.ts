import { z } from 'zod';
import { metricFamiliesSchema } from './metric-families.ts';

const nothing = z.null();

/** From a process by its id in the cluster: it has loaded all that it can before it is told which worker it is. */
export const workerPrepared = {
  kind: 'worker.prepared',
  payload: z.object({ id: z.int() }),
  answer: nothing,
};

/** To a process that is prepared: which worker it is from now on. Answered at once. */
export const takePlace = {
  kind: 'worker.take-place',
  payload: z.object({ worker: z.int() }),
  answer: nothing,
};

/** From a worker: it takes connections, under the number that it was given. */
export const workerReady = {
  kind: 'worker.ready',
  payload: z.object({ worker: z.int() }),
  answer: nothing,
};

/** From a worker that was told by itself to end: it is to get no more connections. */
export const workerLeaving = { ...workerReady, kind: 'worker.leaving' };

/** From a process by its id: why it cannot start, as one would tell a person, and the exit code that this deserves. */
export const workerFailed = {
  kind: 'worker.failed',
  payload: z.object({ id: z.int(), message: z.string().max(20_000), exitCode: z.literal([1, 2]) }),
  answer: nothing,
};

/** To a worker: the server is to end; answered when the worker is ready to get no more connections. */
export const stopAccepting = { kind: 'worker.stop-accepting', payload: nothing, answer: nothing };

/** To a worker: answer what is in flight and end; answered at once. */
export const drain = { kind: 'worker.drain', payload: nothing, answer: nothing };

/** To a worker: what it has counted, for Prometheus. */
export const workerMetrics = { kind: 'worker.metrics', payload: nothing, answer: metricFamiliesSchema };
