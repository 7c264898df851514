import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** What becomes of a connection: it is passed on, cut at once, or taken and never answered. */
export type FaultMode = 'pass' | 'refuse' | 'stall';

export interface FaultProxy {
  readonly port: number;
  /** Applies to the connections that there are and to new ones. */
  set(mode: FaultMode): void;
  close(): Promise<void>;
}

/** A TCP proxy before `host`:`port` that can fail on demand, as a server does that is stopped or hangs. */
export async function startFaultProxy(host: string, port: number): Promise<FaultProxy> {
  let mode: FaultMode = 'pass';
  const clients = new Set<Socket>();
  const server = createServer((client) => {
    client.on('error', () => undefined);
    if (mode === 'refuse') {
      client.resetAndDestroy();
      return;
    }
    const upstream = connect(port, host);
    clients.add(client);
    upstream.on('error', () => client.destroy());
    upstream.on('close', () => client.destroy());
    client.on('close', () => {
      clients.delete(client);
      upstream.destroy();
    });
    client.on('data', (bytes) => {
      if (mode === 'pass') upstream.write(bytes);
    });
    upstream.on('data', (bytes) => {
      if (mode === 'pass') client.write(bytes);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The proxy has no port.');
  const cut = (): void => {
    for (const client of clients) client.resetAndDestroy();
  };
  return {
    port: address.port,
    set: (next) => {
      mode = next;
      // What was swallowed while it stalled is lost, and so is the connection.
      if (next !== 'stall') cut();
    },
    close: async () => {
      server.close();
      cut();
      await once(server, 'close');
    },
  };
}
