import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { z } from 'zod';
import {
  answerCut,
  answerStatus,
  answerUnending,
  jsonHead,
  startLocalService,
  type LocalService,
  type StatusAnswer,
} from '../../remote-service/test/local-service.ts';

/** How one request is answered; after the last of a list, well. */
export type Behaviour =
  | { readonly kind: 'well' | 'never' | 'cut' | 'endless' | 'garbage' | 'shuffled' }
  | ({ readonly kind: 'status' } & StatusAnswer)
  | { readonly kind: 'json'; readonly body: string };

const requestSchema = z.strictObject({
  model: z.string().min(1),
  input: z.array(z.string().min(1)).min(1).max(2_048),
  encoding_format: z.literal('float'),
  dimensions: z.int().min(1).optional(),
});

/** An embeddings service on this machine that behaves as it is told. */
export interface EmbeddingsService extends LocalService {
  /** What was asked so far. */
  readonly requests: { readonly texts: readonly string[]; readonly authorization: string | undefined }[];
  /** The next answers, one for each request. */
  behave(...behaviours: Behaviour[]): void;
}

/** The dimensions of its vectors, which are not of length 1. */
export const serviceDimensions = 24;

export async function startEmbeddingsService(): Promise<EmbeddingsService> {
  const requests: EmbeddingsService['requests'] = [];
  let next: Behaviour[] = [];
  const service = await startLocalService(async (request, response) => {
    const body = requestSchema.safeParse(await json(request));
    if (request.url !== '/v1/embeddings' || !body.success) {
      response.writeHead(400).end();
      return;
    }
    requests.push({ texts: body.data.input, authorization: request.headers.authorization });
    const { input, dimensions = serviceDimensions } = body.data;
    answer(next.shift() ?? { kind: 'well' }, response, { input, dimensions });
  });
  return {
    ...service,
    requests,
    behave: (...behaviours) => {
      next = behaviours;
      requests.length = 0;
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
  switch (behaviour.kind) {
    case 'never':
      break;
    case 'cut':
      answerCut(response, '{"data":[');
      break;
    case 'endless':
      answerUnending(response, '{"data":[');
      break;
    case 'garbage':
      response.writeHead(200, jsonHead).end('<html>A proxy says hello</html>');
      break;
    case 'json':
      response.writeHead(200, jsonHead).end(behaviour.body);
      break;
    case 'status':
      answerStatus(response, behaviour);
      break;
    case 'shuffled':
      response.writeHead(200, jsonHead).end(JSON.stringify({ object: 'list', data: data.toReversed() }));
      break;
    case 'well':
      response.writeHead(200, jsonHead).end(JSON.stringify({ object: 'list', data }));
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
