import type { IncomingMessage } from 'node:http';

/** The largest body of a GraphQL request: 500 interactions with the longest ids fit four times. */
export const maxBodyBytes = 2 * 1024 * 1024;

export class BodyTooLargeError extends Error {
  constructor() {
    super(`The request body may have ${maxBodyBytes} bytes at most. Send the entries in several calls.`);
    this.name = 'BodyTooLargeError';
  }
}

/**
 * Refuses a body over `maxBodyBytes`: by its Content-Length before a byte is read, or, sent in chunks, as soon as
 * it grows over. A chunked body is left on the request as `body`, where the GraphQL server looks first.
 * @throws BodyTooLargeError
 */
export async function limitBody(request: IncomingMessage): Promise<void> {
  if (request.headers['transfer-encoding'] !== undefined) {
    Object.assign(request, { body: await readBody(request) });
  } else if (Number(request.headers['content-length'] ?? 0) > maxBodyBytes) throw new BodyTooLargeError();
}

/**
 * Reads a whole body of at most `maxBodyBytes`.
 * @throws BodyTooLargeError
 */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    const buffer = Buffer.from(chunk);
    bytes += buffer.length;
    if (bytes > maxBodyBytes) throw new BodyTooLargeError();
    chunks.push(buffer);
  }
  return Buffer.concat(chunks);
}
