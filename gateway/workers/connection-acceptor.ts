import type { Worker } from 'node:cluster';
import { createServer, type Socket } from 'node:net';
import { z } from 'zod';
import { acceptWaiting } from '#platform/http/accept-waiting.ts';

/** To a worker, together with a socket; answered by a message of the same id when the worker has it. */
export const connectionMessage = z.object({ bouquet: z.literal('connection'), id: z.int() });
const takenMessage = z.object({ bouquet: z.literal('connection-taken'), id: z.int() });

/** Connections that wait for a worker at most; one more is closed at once. */
const maxWaiting = 1_000;

/** Milliseconds for what a worker confirmed just before it died: it may have read from that connection. */
const lastWordsMs = 100;

interface Taker {
  readonly worker: Worker;
  /** Connections that were sent and are not confirmed, by id. This process keeps its copy of each until then. */
  readonly sent: Map<number, Socket>;
}

/**
 * Listens in the primary and hands connections to workers in turn, unread. `node:cluster` has that built in, but what it
 * has sent to a worker that dies meanwhile stays open for ever without an answer (docs/adr/0013); here another worker gets
 * it.
 */
export class ConnectionAcceptor {
  readonly #server = createServer({ pauseOnConnect: true, noDelay: true }, (socket) => this.#give(socket));
  /** Who is next stands first. */
  readonly #takers: Taker[] = [];
  readonly #waiting: Socket[] = [];
  #nextId = 1;
  #isClosed = false;

  /** Returns the port, which the system picks where `port` is 0. */
  async listen(port: number, host: string): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, host, resolve);
    });
    const address = this.#server.address();
    return address !== null && typeof address === 'object' ? address.port : port;
  }

  /** `worker` takes connections from now on. */
  add(worker: Worker): void {
    const sent = new Map<number, Socket>();
    this.#takers.unshift({ worker, sent });
    worker.on('message', (message: unknown) => {
      const { data } = takenMessage.safeParse(message);
      if (data === undefined) return;
      // Closes this process's copy alone.
      sent.get(data.id)?.destroy();
      sent.delete(data.id);
    });
    for (const socket of this.#waiting.splice(0)) this.#give(socket);
  }

  /** `worker` gets no more connections. What it has not taken yet goes to another when `hasDied`. */
  remove(worker: Worker, { hasDied }: { hasDied: boolean }): void {
    const index = this.#takers.findIndex((taker) => taker.worker === worker);
    const [taker] = index === -1 ? [] : this.#takers.splice(index, 1);
    if (taker === undefined || !hasDied) return;
    setTimeout(() => {
      for (const socket of taker.sent.values()) this.#give(socket);
    }, lastWordsMs);
  }

  /**
   * Takes no new connection once those that wait in the system are accepted, which have been sent to workers then, ahead of
   * any later message to them.
   */
  async close(): Promise<void> {
    await acceptWaiting(this.#server);
    this.#isClosed = true;
    this.#server.close();
    for (const socket of this.#waiting.splice(0)) socket.destroy();
  }

  #give(socket: Socket): void {
    const taker = this.#next();
    if (taker === null) {
      if (!this.#isClosed && this.#waiting.length < maxWaiting) this.#waiting.push(socket);
      else socket.destroy();
      return;
    }
    const id = this.#nextId++;
    taker.sent.set(id, socket);
    // Where it cannot be sent the worker has died, which is heard of separately.
    taker.worker.send({ bouquet: 'connection', id }, socket, { keepOpen: true }, () => undefined);
  }

  /** The next in turn, of those that have the fewest connections left to take: one that hangs gets few. */
  #next(): Taker | null {
    const fewest = Math.min(...this.#takers.map(({ sent }) => sent.size));
    const index = this.#takers.findIndex(({ sent }) => sent.size === fewest);
    const [taker] = index === -1 ? [] : this.#takers.splice(index, 1);
    if (taker === undefined) return null;
    this.#takers.push(taker);
    return taker;
  }
}
