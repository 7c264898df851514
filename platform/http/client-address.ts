import type { IncomingMessage } from 'node:http';
import { BlockList, isIP, SocketAddress } from 'node:net';

/**
 * The address of the client that sent `request`: the peer's, or where the peer is a trusted proxy, the last address in
 * `X-Forwarded-For` that no trusted proxy has. What stands left of it was written by the client and is not believed.
 * An IPv4 address in IPv6's notation comes back as IPv4.
 */
export function clientAddress(
  request: Pick<IncomingMessage, 'headers'> & {
    readonly socket: { readonly remoteAddress?: string | undefined };
  },
  proxies: TrustedProxies,
): string {
  let client = addressOf(request.socket.remoteAddress ?? '') ?? 'unknown';
  const forwarded = request.headers['x-forwarded-for'];
  const hops = (Array.isArray(forwarded) ? forwarded.join(',') : (forwarded ?? '')).split(',');
  for (const hop of hops.toReversed()) {
    if (!proxies.has(client)) return client;
    const address = addressOf(hop.trim());
    if (address === null) return client;
    client = address;
  }
  return client;
}

/** The proxies whose `X-Forwarded-For` is believed. */
export class TrustedProxies {
  readonly #blocks = new BlockList();

  /** `ranges` are addresses or ranges in CIDR notation (RFC 4632), such as `10.0.0.0/8`, each of which `isRange` accepts. */
  constructor(ranges: readonly string[]) {
    for (const range of ranges) {
      const [network = '', prefix] = range.split('/');
      const bits = prefix === undefined ? maxBits(network) : Number(prefix);
      this.#blocks.addSubnet(network, bits, familyOf(network));
    }
  }

  has(address: string): boolean {
    return isIP(address) !== 0 && this.#blocks.check(address, familyOf(address));
  }
}

/** Whether `text` is an address or a range in CIDR notation. */
export function isRange(text: string): boolean {
  const [network = '', prefix, ...rest] = text.split('/');
  if (isIP(network) === 0 || rest.length > 0) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= maxBits(network));
}

function maxBits(network: string): number {
  return isIP(network) === 6 ? 128 : 32;
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4';
}

/** An address without its port, in one notation; null for what is none. */
function addressOf(text: string): string | null {
  const address = isIP(text) === 0 ? SocketAddress.parse(text)?.address : text;
  if (address === undefined) return null;
  if (isIP(address) === 4) return address;
  const [, mapped] = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address) ?? [];
  return mapped ?? new SocketAddress({ address: address.split('%', 1)[0] ?? '', family: 'ipv6' }).address;
}
