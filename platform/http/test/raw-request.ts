import { connect, type Socket } from 'node:net';

export interface RawAnswer {
  /** Status codes of all answers on the connection, in order. */
  readonly statuses: readonly number[];
  readonly text: string;
}

/** Connects, sends `bytes` as they are, and returns all that comes back until the server closes the connection. */
export async function sendRaw(url: string, bytes: string): Promise<RawAnswer> {
  const socket = openSocket(url);
  socket.write(bytes);
  return readAll(socket);
}

/** Opens a connection that the caller writes to; a reset ends it like a close. */
export function openSocket(url: string): Socket {
  const { hostname, port } = new URL(url);
  return connect(Number(port), hostname).on('error', () => undefined);
}

/** Reads what the server sends until it closes the connection. */
export async function readAll(socket: Socket): Promise<RawAnswer> {
  let text = '';
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1');
  });
  await new Promise((resolve) => socket.once('close', resolve));
  return { statuses: [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status)), text };
}
