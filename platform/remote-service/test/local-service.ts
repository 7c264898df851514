import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { z } from 'zod';

/** A service on this machine that stands in for one elsewhere. */
export interface LocalService {
  /** What the paths of its calls are appended to. */
  readonly baseUrl: string;
  close(): Promise<void>;
}

export const jsonHead = { 'content-type': 'application/json' };

/** An answer that tells of a failure. */
export interface StatusAnswer {
  readonly status: number;
  readonly retryAfter?: string;
  readonly body?: string;
}

export async function startLocalService(
  handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
): Promise<LocalService> {
  const server = createServer((request, response) => void handle(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = z.object({ port: z.number() }).parse(server.address());
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

export function answerStatus(
  response: ServerResponse,
  { status, retryAfter, body = '{"error":{"message":"no"}}' }: StatusAnswer,
): void {
  response.writeHead(
    status,
    retryAfter === undefined ? jsonHead : { ...jsonHead, 'retry-after': retryAfter },
  );
  response.end(body);
}

/** Sends `start` of an answer that is longer, and cuts the connection. */
export function answerCut(response: ServerResponse, start: string): void {
  response.writeHead(200, { ...jsonHead, 'content-length': '10000' }).write(start);
  setImmediate(() => response.destroy());
}

/** Sends `start` of an answer that does not go on. */
export function answerUnending(response: ServerResponse, start: string): void {
  response.writeHead(200, jsonHead).write(start);
}
