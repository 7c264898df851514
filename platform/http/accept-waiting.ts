import { setImmediate as nextTurn } from 'node:timers/promises';

/** Milliseconds at most, where new clients keep coming. */
const longestMs = 5_000;

/**
 * Returns once a server has accepted the clients that have connected already, which the system would reset with the socket
 * that listens: libuv accepts one for each turn of the event loop. `accepted` is the number of connections so far.
 */
export async function acceptWaiting(accepted: () => number): Promise<void> {
  const latest = performance.now() + longestMs;
  let before: number;
  do {
    before = accepted();
    // Between two of them the event loop looks at its sockets once.
    await nextTurn();
    await nextTurn();
  } while (accepted() > before && performance.now() < latest);
}
