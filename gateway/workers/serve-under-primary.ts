import cluster from 'node:cluster';
import type { RunningServer } from '../running-server.ts';
import { answerPrimary, askPrimary } from './primary-channel.ts';
import {
  drain,
  stopAccepting,
  takePlace,
  workerFailed,
  workerLeaving,
  workerPrepared,
  workerReady,
} from './worker-questions.ts';

/** Milliseconds for the primary to take note of a message; it does nothing else. */
const deadlineMs = 5_000;

/**
 * Runs in a process that has prepared itself: tells the primary so, and returns which worker it is, from 0 on, once it is
 * needed; for a spare that may be never. Lists of processes show what it is.
 */
export async function placeFromPrimary(): Promise<number> {
  process.title = 'bouquet spare worker';
  const { promise: place, resolve } = Promise.withResolvers<number>();
  const end = answerPrimary(takePlace, ({ worker }) => {
    resolve(worker);
    return null;
  });
  await askPrimary(workerPrepared, { id: clusterId() }, deadlineMs);
  const worker = await place;
  end();
  process.title = `bouquet worker ${worker}`;
  return worker;
}

/**
 * Runs in a worker: tells the primary that `server` takes connections, and returns when it has ended, as the primary or, for this
 * worker alone, a SIGTERM asked.
 */
export async function serveUnderPrimary(server: RunningServer, worker: number): Promise<void> {
  const { promise: told, resolve } = Promise.withResolvers<void>();
  answerPrimary(stopAccepting, async () => {
    await server.stopAccepting();
    return null;
  });
  answerPrimary(drain, () => {
    resolve();
    return null;
  });
  process.once('SIGTERM', () => {
    askPrimary(workerLeaving, { worker }, deadlineMs).then(
      () => resolve(),
      () => resolve(),
    );
  });
  await askPrimary(workerReady, { worker }, deadlineMs);
  await told;
  await server.close();
}

/** Runs in a process that cannot start: what the primary is to say about it. */
export async function reportFailure(failure: { message: string; exitCode: 1 | 2 }): Promise<void> {
  await askPrimary(workerFailed, { id: clusterId(), ...failure }, deadlineMs);
}

function clusterId(): number {
  if (cluster.worker === undefined) throw new Error('This process is no worker.');
  return cluster.worker.id;
}
