import { createServer, type Server, type Socket } from 'node:net';
import type { PGlite } from '@electric-sql/pglite';
import { WireUnitReader, type WireUnit } from './wire-messages.ts';

/**
 * Serves one PGlite instance to several PostgreSQL clients over a unix socket.
 *
 * PGlite is a single session, so what must not be mixed is run whole: the messages of an extended query up to their
 * Sync, and a transaction from BEGIN to its end. `@electric-sql/pglite-socket` 0.2.17 queues single messages, so one
 * client's Bind can meet another's Parse, and an error leaves all of them waiting (docs/adr/0002).
 */
export class PgliteServer {
  readonly #db: PGlite;
  readonly #server: Server;
  readonly #connections = new Set<Connection>();
  readonly #waiting: Work[] = [];
  /** The connection whose transaction is open; only its work runs meanwhile. */
  #owner: Connection | null = null;
  #running = false;

  constructor(db: PGlite) {
    this.#db = db;
    this.#server = createServer((socket) => this.#accept(socket));
  }

  /** Listens on the unix socket `path`. */
  async listen(path: string): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(path, resolve);
    });
  }

  /** Stops listening, drops every connection and rolls an open transaction back. */
  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const connection of this.#connections) connection.socket.destroy();
    await closed;
    while (this.#running) await new Promise((resolve) => setTimeout(resolve, 1));
    if (this.#owner !== null) await this.#db.exec('ROLLBACK');
  }

  #accept(socket: Socket): void {
    const connection: Connection = { socket, reader: new WireUnitReader() };
    this.#connections.add(connection);
    socket.setNoDelay(true);
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk) => this.#receive(connection, chunk));
    socket.on('close', () => {
      this.#connections.delete(connection);
      this.#enqueue({ connection, run: () => this.#abandon(connection) });
    });
  }

  #receive(connection: Connection, chunk: Buffer): void {
    let units: WireUnit[];
    try {
      units = connection.reader.push(chunk);
    } catch {
      connection.socket.destroy();
      return;
    }
    for (const unit of units) {
      if (unit.kind === 'encryption-request') connection.socket.write('N');
      else if (unit.kind === 'run') {
        this.#enqueue({ connection, run: () => this.#execute(connection, unit.bytes) });
      } else connection.socket.end();
    }
  }

  #enqueue(work: Work): void {
    this.#waiting.push(work);
    if (!this.#running) void this.#drain();
  }

  async #drain(): Promise<void> {
    this.#running = true;
    for (;;) {
      const index =
        this.#owner === null ? 0 : this.#waiting.findIndex((work) => work.connection === this.#owner);
      const [work] = index === -1 ? [] : this.#waiting.splice(index, 1);
      if (work === undefined) break;
      try {
        await work.run();
      } catch {
        // The session's state is unknown after a crash inside PGlite; the client sees its connection end.
        work.connection.socket.destroy();
      }
    }
    this.#running = false;
  }

  async #execute(connection: Connection, bytes: Buffer): Promise<void> {
    let tail: Buffer = Buffer.alloc(0);
    await this.#db.runExclusive(() =>
      this.#db.execProtocolRawStream(bytes, {
        onRawData: (data) => {
          // PGlite reuses its output buffer, so the bytes are copied before they wait in the socket.
          const copy = Buffer.from(data);
          tail = copy.length >= 6 ? copy.subarray(-6) : Buffer.concat([tail, copy]).subarray(-6);
          if (connection.socket.writable) connection.socket.write(copy);
        },
      }),
    );
    this.#owner = transactionStatus(tail) === 'I' ? null : connection;
  }

  async #abandon(connection: Connection): Promise<void> {
    if (this.#owner !== connection) return;
    await this.#db.exec('ROLLBACK');
    this.#owner = null;
  }
}

interface Connection {
  readonly socket: Socket;
  readonly reader: WireUnitReader;
}

interface Work {
  readonly connection: Connection;
  readonly run: () => Promise<void>;
}

/**
 * The status in a ReadyForQuery message, which ends every answer: `I` idle, `T` in a transaction, `E` in a failed
 * one. Anything else (a startup that was refused) counts as idle.
 */
function transactionStatus(readyForQuery: Buffer): string {
  const isReady = readyForQuery.length === 6 && readyForQuery.readUIntBE(0, 5) === 0x5a_00_00_00_05;
  return isReady ? String.fromCharCode(readyForQuery.readUInt8(5)) : 'I';
}
