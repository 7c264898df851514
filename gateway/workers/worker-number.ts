import cluster from 'node:cluster';
import { z } from 'zod';

/** The variable by which the primary numbers its workers; no part of the configuration. */
export const workerNumberVariable = 'BOUQUET_WORKER';

/** This process's place among the workers, from 0 on, which its successor takes over; 0 where there are none. */
export const workerNumber = cluster.isWorker
  ? z.coerce.number().int().min(0).parse(process.env[workerNumberVariable])
  : 0;
