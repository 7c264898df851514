import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '#platform/config/config.ts';
import { openPlatform, type OpenPlatform } from '#platform/open-platform.ts';
import { copyPgliteFolder } from '../../test/support/databases.ts';
import { prepareGateway } from '../prepare-gateway.ts';
import type { RunningServer } from '../running-server.ts';

describe('the limit of a gateway', () => {
  const folder = copyPgliteFolder();
  let platform: OpenPlatform;
  let server: RunningServer;
  beforeAll(async () => {
    const config = readConfig({
      DATA_DIR: folder,
      PORT: '0',
      LOG_LEVEL: 'error',
      RATE_LIMIT_PER_HOUR: '3',
      TRUSTED_PROXIES: '127.0.0.1',
    });
    platform = await openPlatform({ config });
    server = await (await prepareGateway(platform)).run(0);
  });
  afterAll(async () => {
    await server.close();
    await platform.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const ask = (headers: Record<string, string>, query = '{ __typename }'): Promise<Response> =>
    fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query }),
    });

  it('counts every request of a user, whatever it says, and runs none that is refused', async () => {
    const statuses: number[] = [];
    for (const query of ['{ __typename }', '{ unknownField }', 'not GraphQL', '{ __typename }']) {
      statuses.push((await ask({ 'x-user-id': 'ann' }, query)).status);
    }
    expect(statuses[0]).toBe(200);
    expect(statuses.slice(0, 3)).not.toContain(429);
    expect(statuses[3]).toBe(429);
    const refused = await ask({ 'x-user-id': 'ann' });
    expect(refused.headers.get('RateLimit')).toMatch(/^"user";r=0;t=\d+$/);
    expect(await refused.json()).toEqual({
      errors: [{ message: expect.any(String), extensions: { code: 'RATE_LIMITED' } }],
    });
    const other = await ask({ 'x-user-id': 'ben' });
    expect([other.status, other.headers.get('RateLimit-Policy')]).toEqual([200, '"user";q=3;w=3600']);
  });

  it('counts a large body once for each 100 KB', async () => {
    const large = `{ __typename }#${'x'.repeat(110_000)}`;
    expect((await ask({ 'x-user-id': 'cleo' }, large)).headers.get('RateLimit')).toMatch(/^"user";r=1;/);
    const refused = await ask({ 'x-user-id': 'cleo' }, large);
    expect([refused.status, refused.headers.get('connection')]).toEqual([429, 'close']);
  });

  it('counts anonymous callers by the address that the proxy saw', async () => {
    const from = async (forwarded: string): Promise<number> =>
      (await ask({ 'x-forwarded-for': forwarded })).status;
    for (let index = 0; index < 3; index++) {
      expect(await from(`203.0.113.${index}, 198.51.100.1`)).toBe(200);
    }
    expect(await from('203.0.113.9, 198.51.100.1')).toBe(429);
    expect(await from('198.51.100.2')).toBe(200);
  });
});
