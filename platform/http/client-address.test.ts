import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clientAddress, isRange, TrustedProxies } from './client-address.ts';

const proxies = new TrustedProxies(['10.0.0.0/8', '192.168.1.1', 'fd00::/8']);

function addressFrom(remoteAddress: string | undefined, forwarded?: string): string {
  const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
  return clientAddress({ headers, socket: { remoteAddress } }, proxies);
}

describe('clientAddress', () => {
  it.each<[what: string, peer: string | undefined, forwarded: string | undefined, client: string]>([
    ['the peer', '203.0.113.9', undefined, '203.0.113.9'],
    ['the peer, whatever it claims', '203.0.113.9', '198.51.100.1', '203.0.113.9'],
    ['who asked the proxy', '10.0.0.1', '198.51.100.1', '198.51.100.1'],
    ['who asked, not who it claims to be', '10.0.0.1', '1.1.1.1, 198.51.100.1', '198.51.100.1'],
    ['who asked the first of two proxies', '10.0.0.1', '198.51.100.1, 192.168.1.1', '198.51.100.1'],
    ['a proxy that asks for itself', '10.0.0.1', '10.0.0.2', '10.0.0.2'],
    ['the proxy where it names nobody', '10.0.0.1', undefined, '10.0.0.1'],
    ['the proxy where it names no address', '10.0.0.1', '198.51.100.1, unknown', '10.0.0.1'],
    ['an address with a port', '10.0.0.1', '198.51.100.1:4711', '198.51.100.1'],
    ['an IPv6 address with a port', 'fd00::1', '[2001:DB8::1]:80', '2001:db8::1'],
    ['an IPv6 address in another notation', 'fd00::1', '2001:db8:0:0::1', '2001:db8::1'],
    ['an IPv4 peer over IPv6', '::ffff:10.0.0.1', '198.51.100.1', '198.51.100.1'],
    ['nobody, of a closed socket', undefined, '198.51.100.1', 'unknown'],
  ])('is %s', (_what, peer, forwarded, client) => {
    expect(addressFrom(peer, forwarded)).toBe(client);
  });

  it('never depends on what a client writes before its proxy', () => {
    fc.assert(
      fc.property(fc.string(), (claimed) => {
        expect(addressFrom('10.0.0.1', `${claimed}, 198.51.100.1`)).toBe('198.51.100.1');
        expect(addressFrom('198.51.100.1', claimed)).toBe('198.51.100.1');
      }),
    );
  });
});

describe('isRange', () => {
  it('accepts addresses and ranges alone', () => {
    for (const range of ['10.0.0.0/8', '::1', 'fd00::/128', '1.2.3.4/0']) expect(isRange(range)).toBe(true);
    for (const range of ['10.0.0.0/33', '10.0.0/8', 'proxy', '::1/129', '1.2.3.4/', '1.2.3.4/8/8', '']) {
      expect(isRange(range), range).toBe(false);
    }
  });
});
