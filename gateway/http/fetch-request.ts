import type { IncomingMessage } from 'node:http';

export interface ReadRequest {
  readonly request: IncomingMessage;
  /** All of it; null for a request without one. */
  readonly body: Buffer | null;
  readonly signal: AbortSignal;
}

/**
 * Returns a request as `gateway.fetch` takes it. Its body is what `json()` reads, and no body proper: that the gateway
 * would send through a stream to count its bytes once more, at a price above that of all our own checks together.
 */
export function fetchRequestOf(
  fetchApi: { readonly Request: typeof Request },
  { request, body, signal }: ReadRequest,
): Request {
  const asked = new fetchApi.Request(`http://gateway${request.url}`, {
    method: request.method ?? 'GET',
    headers: headersOf(request),
    signal,
  });
  if (body !== null) {
    const json = async (): Promise<unknown> => JSON.parse(body.toString('utf8'));
    Object.defineProperty(asked, 'json', { value: json });
  }
  return asked;
}

/** As an object, in which the gateway looks names up; a list it would search from end to end each time. */
function headersOf({ headers }: IncomingMessage): Record<string, string> {
  const single: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) single[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return single;
}
