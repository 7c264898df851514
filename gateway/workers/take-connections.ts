import { Socket } from 'node:net';
import { connectionMessage } from './connection-acceptor.ts';

/** Runs in a worker: passes the connections that the primary hands over to `take`, for as long as the process lives. */
export function takeConnections(take: (socket: Socket) => void): void {
  process.on('message', (message: unknown, socket: unknown) => {
    const { data } = connectionMessage.safeParse(message);
    if (data === undefined) return;
    // Before anything is read: until then another worker may have the connection.
    process.send?.({ bouquet: 'connection-taken', id: data.id });
    // None where the client has gone meanwhile.
    if (socket instanceof Socket) {
      take(socket);
      socket.resume();
    }
  });
}
