import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { z } from 'zod';

/** How one request is answered; after the last of a list, well. */
export type Behaviour =
  | { readonly kind: 'well' | 'never' | 'cut' | 'endless' | 'garbage' | 'shuffled' }
  | { readonly kind: 'status'; readonly status: number; readonly retryAfter?: string; readonly body?: string }
  | { readonly kind: 'json'; readonly body: string };

const requestSchema = z.strictObject({
  model: z.string().min(1),
  input: z.array(z.string().min(1)).min(1).max(2_048),
  encoding_format: z.literal('float'),
  dimensions: z.int().min(1).optional(),
});

/** An embeddings service on this machine that behaves as it is told. */
export interface EmbeddingsService {
  readonly baseUrl: string;
  /** What was asked so far. */
  readonly requests: { readonly texts: readonly string[]; readonly authorization: string | undefined }[];
  /** The next answers, one for each request. */
  behave(...behaviours: Behaviour[]): void;
  close(): Promise<void>;
}

/** The dimensions of its vectors, which are not of length 1. */
export const serviceDimensions = 24;

export async function startEmbeddingsService(): Promise<EmbeddingsService> {
  const requests: EmbeddingsService['requests'] = [];
  let next: Behaviour[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const body = requestSchema.safeParse(await json(request));
      if (request.url !== '/v1/embeddings' || !body.success) {
        response.writeHead(400).end();
        return;
      }
      requests.push({ texts: body.data.input, authorization: request.headers.authorization });
      const { input, dimensions = serviceDimensions } = body.data;
      answer(next.shift() ?? { kind: 'well' }, response, { input, dimensions });
    })();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = z.object({ port: z.number() }).parse(server.address());
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    requests,
    behave: (...behaviours) => {
      next = behaviours;
      requests.length = 0;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

function answer(
  behaviour: Behaviour,
  response: ServerResponse,
  { input, dimensions }: { input: readonly string[]; dimensions: number },
): void {
  const data = input.map((text, index) => {
    return { object: 'embedding', index, embedding: vectorOf(text, dimensions) };
  });
  const head = { 'content-type': 'application/json' };
  switch (behaviour.kind) {
    case 'never':
      break;
    case 'cut':
      response.writeHead(200, { ...head, 'content-length': '10000' }).write('{"data":[');
      setImmediate(() => response.destroy());
      break;
    case 'endless':
      response.writeHead(200, head).write('{"data":[');
      break;
    case 'garbage':
      response.writeHead(200, head).end('<html>A proxy says hello</html>');
      break;
    case 'json':
      response.writeHead(200, head).end(behaviour.body);
      break;
    case 'status': {
      const { status, retryAfter, body = '{"error":{"message":"no"}}' } = behaviour;
      response.writeHead(status, retryAfter === undefined ? head : { ...head, 'retry-after': retryAfter });
      response.end(body);
      break;
    }
    case 'shuffled':
      response.writeHead(200, head).end(JSON.stringify({ object: 'list', data: data.toReversed() }));
      break;
    case 'well':
      response.writeHead(200, head).end(JSON.stringify({ object: 'list', data }));
      break;
  }
}

/** Numbers that follow from the text. */
function vectorOf(text: string, dimensions: number): number[] {
  return Array.from({ length: dimensions }, (_, index) => {
    const digest = createHash('sha256').update(`${index}:${text}`).digest();
    return digest.readInt32LE() / 2 ** 28;
  });
}
