import { request, createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientAddresses } from './client-address.ts';

let addressOf: ReturnType<typeof clientAddresses>;
const server = createServer((incoming, response) => response.end(addressOf(incoming)));
let port = 0;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  port = typeof address === 'object' && address !== null ? address.port : 0;
});
afterAll(() => server.close());

/** The address that a request from 127.0.0.1 with these `X-Forwarded-For` headers is found to come from. */
function seen(trustedProxies: readonly string[], ...forwarded: string[]): Promise<string> {
  addressOf = clientAddresses(trustedProxies);
  return new Promise((resolve, reject) => {
    const headers = forwarded.length === 0 ? {} : { 'X-Forwarded-For': forwarded };
    request({ port, host: '127.0.0.1', headers, agent: false }, (response) => {
      response.setEncoding('utf8').on('data', resolve);
    })
      .on('error', reject)
      .end();
  });
}

describe('clientAddresses', () => {
  it('believes no header where no proxy is trusted, or where another one is', async () => {
    expect(await seen([], '198.51.100.1')).toBe('127.0.0.1');
    expect(await seen(['10.0.0.1', 'fd00::/8'], '198.51.100.1')).toBe('127.0.0.1');
  });

  it('takes what the nearest trusted proxy saw, not what the client wrote before', async () => {
    expect(await seen(['127.0.0.1'], '198.51.100.1')).toBe('198.51.100.1');
    expect(await seen(['127.0.0.0/8'], '192.0.2.66, 198.51.100.1')).toBe('198.51.100.1');
    expect(await seen(['127.0.0.1'], '192.0.2.66', '2001:db8::1')).toBe('2001:db8::1');
  });

  it('passes over a row of trusted proxies', async () => {
    const proxies = ['127.0.0.1', '10.0.0.0/8', 'fd00::/8'];
    expect(await seen(proxies, '192.0.2.66, 198.51.100.1, 10.1.1.1, fd00::5')).toBe('198.51.100.1');
    expect(await seen(proxies, '10.1.1.1')).toBe('10.1.1.1');
  });

  it('stays with the proxy where its header is missing or no address', async () => {
    expect(await seen(['127.0.0.1'])).toBe('127.0.0.1');
    expect(await seen(['127.0.0.1'], '198.51.100.1, unknown')).toBe('127.0.0.1');
    expect(await seen(['127.0.0.1'], '198.51.100.1:4711')).toBe('127.0.0.1');
  });
});
