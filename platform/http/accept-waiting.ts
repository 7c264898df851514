import type { Server } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** Milliseconds at most, where new clients keep coming. */
const longestMs = 5_000;

/**
 * Returns once `server`, where it listens, has accepted the clients that have connected already, which the system would
 * reset with the socket that listens: libuv accepts one for each turn of the event loop.
 */
export async function acceptWaiting(server: Server): Promise<void> {
  if (!server.listening) return;
  const latest = performance.now() + longestMs;
  let accepted = 0;
  const count = (): number => accepted++;
  server.on('connection', count);
  do {
    accepted = 0;
    // Between two of them the event loop looks at its sockets once.
    await nextTurn();
    await nextTurn();
  } while (accepted > 0 && performance.now() < latest);
  server.off('connection', count);
}
