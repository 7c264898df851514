import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Logger } from '#platform/logging/logger.ts';
import { urlOf } from '../http/url-of.ts';

export interface AdminOptions {
  readonly port: number;
  readonly host: string;
  /** Metrics of all processes of the server, in Prometheus's text format. */
  readonly metrics: () => Promise<string>;
  /** Whether the server as a whole answers requests. */
  readonly ready: () => Promise<boolean>;
  readonly logger: Logger;
}

export interface AdminServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Prometheus's text format, version 0.0.4. */
const metricsType = 'text/plain; version=0.0.4; charset=utf-8';

/** Serves `/metrics`, `/healthz` and `/readyz` on a port of their own, away from what clients may reach. */
export async function startAdminServer(options: AdminOptions): Promise<AdminServer> {
  const { port, host, logger } = options;
  const server = createServer((request, response) => {
    answer(request, response, options).catch((error: unknown) => {
      logger.error({ err: error }, 'the admin port could not answer');
      if (response.headersSent) response.destroy();
      else send(response, 500, 'failed\n');
    });
  });
  server.requestTimeout = 10_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const address = server.address();
  const given = address !== null && typeof address === 'object' ? address.port : port;
  return {
    url: urlOf(host, given),
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { metrics, ready }: AdminOptions,
): Promise<void> {
  const path = (request.url ?? '/').split('?', 1)[0];
  if (request.method !== 'GET' && request.method !== 'HEAD') send(response, 405, 'GET only\n');
  else if (path === '/metrics') send(response, 200, await metrics(), metricsType);
  else if (path === '/healthz') send(response, 200, 'ok\n');
  else if (path === '/readyz') {
    if (await ready()) send(response, 200, 'ready\n');
    else send(response, 503, 'not ready\n');
  } else send(response, 404, 'Not found. There are /metrics, /healthz and /readyz.\n');
}

function send(
  response: ServerResponse,
  status: number,
  text: string,
  type = 'text/plain; charset=utf-8',
): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' });
  response.end(text);
}
