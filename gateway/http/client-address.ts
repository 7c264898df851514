import type { IncomingMessage } from 'node:http';
import { BlockList, isIP, isIPv6 } from 'node:net';

/**
 * Returns a function that tells from which address a request was sent. That is whoever is connected, unless it is one of
 * `trustedProxies` (addresses or CIDR ranges): then the last entry of `X-Forwarded-For` that is no such proxy. Entries
 * before it are what a client may write, and are never believed.
 */
export function clientAddresses(trustedProxies: readonly string[]): (request: IncomingMessage) => string {
  const trusted = new BlockList();
  for (const proxy of trustedProxies) {
    const [address = '', bits] = proxy.split('/');
    const family = familyOf(address);
    if (bits === undefined) trusted.addAddress(address, family);
    else trusted.addSubnet(address, Number(bits), family);
  }
  return ({ socket, headers }) => {
    let address = socket.remoteAddress ?? 'unknown';
    if (trustedProxies.length === 0) return address;
    const forwarded = String(headers['x-forwarded-for'] ?? '').split(',');
    while (trusted.check(address, familyOf(address))) {
      const before = forwarded.pop()?.trim() ?? '';
      if (isIP(before) === 0) break;
      address = before;
    }
    return address;
  };
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIPv6(address) ? 'ipv6' : 'ipv4';
}
