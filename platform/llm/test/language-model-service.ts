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

/** How one request is answered. */
export type Behaviour =
  | { readonly kind: 'well' | 'never' | 'cut' | 'unending' | 'flood' | 'prose' | 'html' | 'no-usage' }
  | { readonly kind: 'late'; readonly delayMs: number }
  | ({ readonly kind: 'status' } & StatusAnswer)
  /** What the model writes. */
  | { readonly kind: 'text'; readonly text: string }
  /** The whole answer of the service. */
  | { readonly kind: 'body'; readonly body: string };

const requestSchema = z.object({
  model: z.string().min(1),
  messages: z.tuple([
    z.object({ role: z.literal('system'), content: z.string() }),
    z.object({ role: z.literal('user'), content: z.string() }),
  ]),
  response_format: z.object({
    type: z.literal('json_schema'),
    json_schema: z.object({
      name: z.string().regex(/^[\w-]{1,64}$/),
      strict: z.literal(true),
      schema: z.object({ type: z.literal('object'), additionalProperties: z.literal(false) }),
    }),
  }),
  max_completion_tokens: z.int().min(1),
});

export interface ChatRequest {
  readonly name: string;
  readonly system: string;
  readonly user: string;
  readonly authorization: string | undefined;
}

/** A language model on this machine that behaves as it is told. */
export interface LanguageModelService extends LocalService {
  /** What was asked since the last `behave`. */
  readonly requests: ChatRequest[];
  /** Connections that were given up before their answer had ended. */
  readonly abandoned: () => number;
  /** The next answers, one for each request; the last of them goes on. */
  behave(...behaviours: Behaviour[]): void;
}

/** A token is said to have 4 characters. */
const tokensOf = (text: string): number => Math.ceil(text.length / 4);

/** `respond` gives the value that the model writes as JSON where it behaves well. */
export async function startLanguageModelService(
  respond: (request: ChatRequest) => unknown,
): Promise<LanguageModelService> {
  const requests: ChatRequest[] = [];
  let abandoned = 0;
  let next: Behaviour[] = [{ kind: 'well' }];
  const service = await startLocalService(async (request, response) => {
    const body = requestSchema.safeParse(await json(request));
    if (request.url !== '/v1/chat/completions' || !body.success) {
      response.writeHead(400).end();
      return;
    }
    const { messages, response_format: format } = body.data;
    const [{ content: system }, { content: user }] = messages;
    const { name } = format.json_schema;
    const asked = { name, system, user, authorization: request.headers.authorization };
    requests.push(asked);
    response.on('close', () => {
      if (!response.writableFinished) abandoned++;
    });
    const [behaviour = { kind: 'well' }] = next;
    if (next.length > 1) next.shift();
    answer(behaviour, response, asked, respond);
  });
  return {
    ...service,
    requests,
    abandoned: () => abandoned,
    behave: (...behaviours) => {
      next = behaviours;
      requests.length = 0;
      abandoned = 0;
    },
  };
}

function answer(
  behaviour: Behaviour,
  response: ServerResponse,
  request: ChatRequest,
  respond: (request: ChatRequest) => unknown,
): void {
  const end = (text: string, usage = true): void => {
    const counts = {
      prompt_tokens: tokensOf(request.system + request.user),
      completion_tokens: tokensOf(text),
    };
    const choices = [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' }];
    response.writeHead(200, jsonHead);
    response.end(JSON.stringify({ id: 'c', choices, ...(usage ? { usage: counts } : {}) }));
  };
  const well = (): string => JSON.stringify(respond(request));
  switch (behaviour.kind) {
    case 'well':
      end(well());
      break;
    case 'no-usage':
      end(well(), false);
      break;
    case 'late':
      setTimeout(() => end(well()), behaviour.delayMs);
      break;
    case 'prose':
      end('Certainly! All of these entries are wonderful.');
      break;
    case 'text':
      end(behaviour.text);
      break;
    case 'body':
      response.writeHead(200, jsonHead).end(behaviour.body);
      break;
    case 'html':
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>A proxy says hello</html>');
      break;
    case 'status':
      answerStatus(response, behaviour);
      break;
    case 'cut':
      answerCut(response, '{"choices":[');
      break;
    case 'unending':
      answerUnending(response, '{"choices":[');
      break;
    case 'flood':
      response.writeHead(200, jsonHead);
      flood(response);
      break;
    case 'never':
      break;
  }
}

/** Writes until nobody listens. */
function flood(response: ServerResponse): void {
  const chunk = ' '.repeat(16_384);
  const write = (): void => {
    while (!response.destroyed) {
      if (!response.write(chunk)) {
        response.once('drain', write);
        return;
      }
    }
  };
  write();
}
