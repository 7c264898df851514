import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Calls `send` every `intervalMs` ms until `ended` is aborted, whether the calls before have returned or not, with the
 * time at which it was due in ms of `performance.now()`. Returns when all of them have returned.
 */
export async function atFixedRate(
  intervalMs: number,
  ended: AbortSignal,
  send: (dueMs: number) => Promise<void>,
): Promise<void> {
  const pending: Promise<void>[] = [];
  let due = performance.now();
  while (!ended.aborted) {
    pending.push(send(due));
    due += intervalMs;
    await sleep(Math.max(0, due - performance.now()));
  }
  await Promise.all(pending);
}
