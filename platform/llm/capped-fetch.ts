/** An answer was longer than it may be. */
export class TooLongAnswerError extends Error {
  constructor(maxBytes: number) {
    super(`The answer is longer than ${maxBytes} bytes.`);
    this.name = 'TooLongAnswerError';
  }
}

/**
 * `fetch` whose answers end with a TooLongAnswerError after `maxBytes` bytes, and whose connection is closed then: a
 * service that writes for ever would fill the memory, since a client reads a body whole.
 */
export function cappedFetch(maxBytes: number): typeof fetch {
  return async (input, init) => {
    const response = await fetch(input, init);
    if (response.body === null) return response;
    let left = maxBytes;
    const cap = new TransformStream<Uint8Array, Uint8Array>({
      transform: (chunk, controller) => {
        left -= chunk.byteLength;
        if (left < 0) controller.error(new TooLongAnswerError(maxBytes));
        else controller.enqueue(chunk);
      },
    });
    const { status, statusText, headers } = response;
    return new Response(response.body.pipeThrough(cap), { status, statusText, headers });
  };
}
