import type { IncomingMessage } from 'node:http';
import { HttpError } from './http-error.ts';

/** Bytes of a GraphQL request's body at most, but for the batches below. */
export const maxBodyBytes = 100 * 1024;
/** Bytes of a batch: 500 interactions with the longest ids fit four times. */
export const maxBatchBodyBytes = 2 * 1024 * 1024;

/**
 * Reads a whole body of at most `maxBytes`. One that is too large is refused by its Content-Length before a byte is
 * read, or, sent in chunks, as soon as it grows over.
 * @throws HttpError 413; 400 where the client is gone before it has sent all.
 */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw bodyTooLarge(maxBytes);
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of request) {
      const buffer = Buffer.from(chunk);
      bytes += buffer.length;
      if (bytes > maxBytes) throw bodyTooLarge(maxBytes);
      chunks.push(buffer);
    }
  } catch (error) {
    if (error instanceof HttpError || !request.destroyed) throw error;
    throw new HttpError(400, 'BAD_USER_INPUT', 'The body ended before its length.', { close: true });
  }
  return Buffer.concat(chunks);
}

/** The refusal of a body over `maxBytes`. */
export function bodyTooLarge(maxBytes: number): HttpError {
  const message = `The request body may have ${maxBytes} bytes at most. Send the entries in several calls.`;
  return new HttpError(413, 'BAD_USER_INPUT', message, { close: true });
}
