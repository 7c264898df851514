import type { IncomingMessage } from 'node:http';
import { HttpError } from './http-error.ts';

/** Bytes of a GraphQL request's body at most, but for the batches below. */
export const maxBodyBytes = 100 * 1024;
/** Bytes of a batch: 500 interactions with the longest ids fit four times. */
export const maxBatchBodyBytes = 2 * 1024 * 1024;

/**
 * Reads a whole body of at most `maxBytes`. One that is too large is refused by its Content-Length before a byte is
 * read, or, sent in chunks, as soon as it grows over; nothing more of it is read then.
 * @throws HttpError 413; 400 where the client is gone before it has sent all.
 */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    if (announcedBytes(request) > maxBytes) {
      reject(bodyTooLarge(maxBytes));
      return;
    }
    const chunks: Buffer[] = [];
    let bytes = 0;
    // Events, as iterating over the request takes half as long again.
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= maxBytes) chunks.push(chunk);
      else {
        request.pause();
        reject(bodyTooLarge(maxBytes));
      }
    });
    request.once('end', () => resolve(Buffer.concat(chunks)));
    const cut = (): void => {
      // Every request closes; most were read whole by then.
      if (request.readableEnded) return;
      reject(new HttpError(400, 'BAD_USER_INPUT', 'The body ended before its length.', { close: true }));
    };
    request.once('error', cut);
    request.once('close', cut);
  });
}

/** The length that a request tells of its body in bytes; 0 where it has none or comes in chunks. */
export function announcedBytes({ headers }: Pick<IncomingMessage, 'headers'>): number {
  return Number(headers['content-length'] ?? 0);
}

/** The refusal of a body over `maxBytes`. */
export function bodyTooLarge(maxBytes: number): HttpError {
  const message = `The request body may have ${maxBytes} bytes at most. Send the entries in several calls.`;
  return new HttpError(413, 'BAD_USER_INPUT', message);
}
