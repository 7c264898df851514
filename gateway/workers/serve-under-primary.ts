import type { RunningServer } from '../running-server.ts';
import { answerPrimary, askPrimary } from './primary-channel.ts';
import { workerNumber } from './worker-number.ts';
import { drain, stopAccepting, workerFailed, workerLeaving, workerReady } from './worker-questions.ts';

/** Milliseconds for the primary to take note of a message; it does nothing else. */
const deadlineMs = 5_000;

/**
 * Runs in a worker: tells the primary that `server` takes connections, and returns when it has ended, as the primary or, for this
 * worker alone, a SIGTERM asked.
 */
export async function serveUnderPrimary(server: RunningServer): Promise<void> {
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
    askPrimary(workerLeaving, { worker: workerNumber }, deadlineMs).then(
      () => resolve(),
      () => resolve(),
    );
  });
  await askPrimary(workerReady, { worker: workerNumber }, deadlineMs);
  await told;
  await server.close();
}

/** Runs in a worker that cannot start: what the primary is to say about it. */
export async function reportFailure(failure: { message: string; exitCode: 1 | 2 }): Promise<void> {
  await askPrimary(workerFailed, { worker: workerNumber, ...failure }, deadlineMs);
}
