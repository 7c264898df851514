/**
 * A server that takes what attackers send and makes nothing of it: what they do to a bystander of another server is their own
 * work on the same machine. Started as a process of its own.
 */
import { createServer } from 'node:http';

/** Bytes of a body that is read to its end. */
const mostBytes = 200_000;

const server = createServer((request, response) => {
  const answer = (): void => {
    if (response.headersSent) return;
    response.writeHead(413, request.complete ? {} : { connection: 'close' });
    response.end('{}');
  };
  let bytes = 0;
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > mostBytes) answer();
  });
  request.once('end', answer);
  if (Number(request.headers['content-length'] ?? 0) > mostBytes) answer();
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  process.stdout.write(`The idle server takes all at http://127.0.0.1:${address.port}/graphql\n`);
});
process.once('SIGTERM', () => process.exit());
