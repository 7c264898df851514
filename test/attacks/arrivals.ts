import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

/** Sends one request that was due at a time in ms of `performance.now()`. */
export type Send = (dueMs: number) => Promise<void>;

/**
 * Calls `send` every `intervalMs` ms until `ended` is aborted, whether the calls before have returned or not. Returns when
 * all of them have returned.
 */
export function atFixedRate(intervalMs: number, ended: AbortSignal, send: Send): Promise<void> {
  return atTimes(() => intervalMs, ended, send);
}

/**
 * As `atFixedRate`, at random times with `meanMs` ms between two of them on average (a Poisson process): what comes at a
 * fixed rate beside something else of that rate would meet it always, or never.
 */
export function atRandomTimes(meanMs: number, ended: AbortSignal, send: Send): Promise<void> {
  return atTimes(() => -meanMs * Math.log(1 - Math.random()), ended, send);
}

async function atTimes(gapMs: () => number, ended: AbortSignal, send: Send): Promise<void> {
  const pending: Promise<void>[] = [];
  let due = performance.now();
  while (!ended.aborted) {
    pending.push(send(due));
    due += gapMs();
    await sleep(Math.max(0, due - performance.now()));
  }
  await Promise.all(pending);
}
