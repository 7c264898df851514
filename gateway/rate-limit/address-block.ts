import { isIPv4, isIPv6 } from 'node:net';

const mappedIPv4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

/**
 * What one network gives to one customer, in a form of its own: an IPv4 address as it is, of IPv6 the first 64 bits (RFC
 * 4291, section 2.5.4: the rest a host may choose). What is neither comes back as it is.
 */
export function addressBlock(address: string): string {
  if (isIPv4(address)) return address;
  const mapped = mappedIPv4.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!isIPv6(address)) return address;
  const [before = '', after] = address.replace(/%.*/, '').split('::');
  const head = groupsOf(before);
  // An IPv4 tail stands for two groups, and always for the last ones.
  const tail = after === undefined ? [] : groupsOf(after);
  const missing = 8 - head.length - tail.length - (address.includes('.') ? 1 : 0);
  const zeros = after === undefined ? [] : Array.from({ length: missing }, () => '0');
  const network = [...head, ...zeros, ...tail].slice(0, 4);
  return `${network.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`;
}

function groupsOf(text: string): string[] {
  return text === '' ? [] : text.split(':');
}
