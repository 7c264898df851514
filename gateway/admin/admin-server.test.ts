import { afterEach, describe, expect, it } from 'vitest';
import { createLogger } from '#platform/logging/logger.ts';
import { startAdminServer, type AdminServer } from './admin-server.ts';

describe('the admin port', () => {
  const running: AdminServer[] = [];
  afterEach(() => Promise.all(running.splice(0).map((server) => server.close())));
  const start = async (metrics: () => Promise<string>, ready: boolean): Promise<string> => {
    const logger = createLogger('silent');
    const options = { port: 0, host: '127.0.0.1', metrics, ready: () => Promise.resolve(ready), logger };
    const server = await startAdminServer(options);
    running.push(server);
    return server.url;
  };

  it('serves metrics as Prometheus reads them, health, readiness and nothing else', async () => {
    const url = await start(() => Promise.resolve('up 1\n'), true);
    const metrics = await fetch(`${url}/metrics`);
    expect(await metrics.text()).toBe('up 1\n');
    expect(metrics.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    const status = async (path: string, method = 'GET'): Promise<number> =>
      (await fetch(url + path, { method })).status;
    expect(await status('/healthz')).toBe(200);
    expect(await status('/readyz')).toBe(200);
    expect(await status('/graphql')).toBe(404);
    expect(await status('/metrics', 'POST')).toBe(405);
  });

  it('tells that the server is not ready, and lives through metrics that fail', async () => {
    const url = await start(() => Promise.reject(new Error('secret')), false);
    expect((await fetch(`${url}/readyz`)).status).toBe(503);
    const failed = await fetch(`${url}/metrics`);
    expect(failed.status).toBe(500);
    expect(await failed.text()).not.toContain('secret');
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });
});
