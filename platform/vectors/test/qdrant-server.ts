import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { qdrantDescription } from './qdrant-description.ts';
import { QdrantMemory, Refusal } from './qdrant-memory.ts';

export interface QdrantServer {
  readonly url: string;
  /** What was wrong, by Qdrant's published description, with requests and with this server's own answers. */
  readonly faults: readonly string[];
  close(): Promise<void>;
}

type Answer = (memory: QdrantMemory, name: string, body: unknown) => unknown;

const answers: Readonly<Record<string, Answer>> = {
  'get /collections': (memory) => memory.list(),
  'get /collections/{collection_name}/exists': (memory, name) => memory.exists(name),
  'put /collections/{collection_name}': (memory, name, body) => memory.create(name, body),
  'delete /collections/{collection_name}': (memory, name) => memory.delete(name),
  'post /collections/aliases': (memory, _name, body) => memory.alias(body),
  'put /collections/{collection_name}/index': (memory, name, body) => memory.index(name, body),
  'post /collections/{collection_name}/points': (memory, name, body) => memory.retrieve(name, body),
  'put /collections/{collection_name}/points': (memory, name, body) => memory.upsert(name, body),
  'post /collections/{collection_name}/points/delete': (memory, name, body) => memory.remove(name, body),
  'post /collections/{collection_name}/points/count': (memory, name) => memory.count(name),
  'post /collections/{collection_name}/points/query': (memory, name, body) => memory.query(name, body),
  'post /collections/{collection_name}/points/scroll': (memory, name, body) => memory.scroll(name, body),
};

/** Qdrant's largest request, in bytes. */
const maxRequest = 32 * 2 ** 20;

/**
 * A local stand-in for Qdrant that keeps points in memory, takes only requests with `apiKey` and holds requests and
 * answers to Qdrant's published description. It shows that the adapter speaks the protocol, not how Qdrant performs.
 */
export async function startQdrantServer(apiKey: string): Promise<QdrantServer> {
  const description = qdrantDescription();
  const memory = new QdrantMemory();
  const faults: string[] = [];

  const answer = async (request: IncomingMessage): Promise<{ status: number; body: unknown }> => {
    const method = (request.method ?? '').toLowerCase();
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://qdrant');
    if (request.headers['api-key'] !== apiKey) return { status: 401, body: refused('Invalid API key') };
    const template = description.template(method, pathname);
    if (template === null) return { status: 404, body: 'Not found' };
    const sent = await text(request);
    const body: unknown = sent === '' ? undefined : JSON.parse(sent);
    const fault =
      sent.length > maxRequest
        ? 'the request is too large'
        : description.requestFault(method, template, searchParams, body);
    if (fault !== null) {
      faults.push(fault);
      return { status: 400, body: refused(fault) };
    }
    const reply = replyTo(`${method} ${template}`, pathname, body);
    const ownFault = description.answerFault(method, template, reply.status, reply.body);
    if (ownFault !== null) faults.push(`own answer: ${ownFault}`);
    return reply;
  };

  const replyTo = (operation: string, pathname: string, body: unknown): { status: number; body: unknown } => {
    try {
      const name = decodeURIComponent(pathname.split('/')[2] ?? '');
      const result = answers[operation]?.(memory, name, body);
      if (result === undefined) return { status: 400, body: refused(`${operation} is not implemented here`) };
      return { status: 200, body: { result, status: 'ok', time: 0.001 } };
    } catch (error) {
      if (error instanceof Refusal) return { status: error.status, body: refused(error.message) };
      throw error;
    }
  };

  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      const { status, body } = await answer(request);
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    } catch (error) {
      faults.push(String(error));
      response.writeHead(500).end();
    }
  };

  const server = createServer((request, response) => void respond(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = z.object({ port: z.int() }).parse(server.address());
  return {
    url: `http://127.0.0.1:${port}`,
    faults,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function refused(error: string): unknown {
  return { status: { error }, time: 0.001, result: null };
}
