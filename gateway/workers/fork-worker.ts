import cluster, { type Worker } from 'node:cluster';
import type { Logger } from '#platform/logging/logger.ts';
import { answerWorkers } from './primary-channel.ts';
import { workerPrepared } from './worker-questions.ts';

/** A process that serves once it is told which worker it is. */
export interface ForkedWorker {
  readonly worker: Worker;
  /** Resolves when it has done all that it can do before; never where it dies meanwhile. */
  readonly prepared: Promise<void>;
}

/** Forks one process more. */
export type ForkWorker = () => ForkedWorker;

/** Returns how to fork processes that run this same command, with `environment` besides the variables of this one. */
export function workerForks(environment: Readonly<Record<string, string>>, logger: Logger): ForkWorker {
  const preparing = new Map<number, () => void>();
  answerWorkers(workerPrepared, ({ id }) => {
    preparing.get(id)?.();
    preparing.delete(id);
    return null;
  });
  // Structured clones, for caches whose values have dates.
  cluster.setupPrimary({ serialization: 'advanced' });
  return () => {
    const worker = cluster.fork(environment);
    const { promise: prepared, resolve } = Promise.withResolvers<void>();
    preparing.set(worker.id, resolve);
    worker.once('exit', () => preparing.delete(worker.id));
    worker.on('error', (error) =>
      logger.error({ err: error, workerPid: worker.process.pid }, 'a worker cannot be reached'),
    );
    return { worker, prepared };
  };
}
