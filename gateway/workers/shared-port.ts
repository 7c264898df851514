import { createServer } from 'node:net';

/**
 * Returns the port that workers are to share: `port`, or a free one where that is 0, so that a worker that is replaced
 * finds it again whoever else lives.
 * @throws the error of `listen` where the port cannot be had, before any worker starts.
 */
export async function sharedPort(port: number, host: string): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return address !== null && typeof address === 'object' ? address.port : port;
}
