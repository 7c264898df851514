import { z } from 'zod';

/** An answer, whatever its type. */
export interface Reply {
  readonly status: number;
  /** The first error's code, or null. */
  readonly code: string | null;
  readonly data: unknown;
  readonly text: string;
  readonly headers: Headers;
}

const bodySchema = z.object({
  data: z.unknown().optional(),
  errors: z.array(z.object({ extensions: z.object({ code: z.string() }) })).optional(),
});

/** What became of a request, to compare: status, code and data. */
export function outcomeOf({
  status,
  code,
  data,
}: Reply): [status: number, code: string | null, data: unknown] {
  return [status, code, data];
}

/** Sends one request and reads its answer. */
export async function send(url: string, init: RequestInit = {}): Promise<Reply> {
  const response = await fetch(url, init);
  const text = await response.text();
  const body = bodySchema.safeParse(jsonOf(text)).data;
  return {
    status: response.status,
    code: body?.errors?.[0]?.extensions.code ?? null,
    data: body?.data,
    text,
    headers: response.headers,
  };
}

/** A POST of `body` as JSON. */
export function json(body: unknown, headers: Readonly<Record<string, string>> = {}): RequestInit {
  return {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
