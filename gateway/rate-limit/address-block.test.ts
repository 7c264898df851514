import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressBlock } from './address-block.ts';

describe('addressBlock', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['::1', '0:0:0:0::/64'],
    ['::', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['2001:DB8:0012::5', '2001:db8:12:0::/64'],
    ['1::2:3:4:5:6:7', '1:0:2:3::/64'],
    ['1:2:3:4:5:6:7::', '1:2:3:4::/64'],
    ['64:ff9b::192.0.2.33', '64:ff9b:0:0::/64'],
    ['unknown', 'unknown'],
  ])('turns %s into %s', (address, block) => {
    expect(addressBlock(address)).toBe(block);
  });

  it('is the same for every way to write an address, and for every host of a network', () => {
    const groups = fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 8, maxLength: 8 });
    fc.assert(
      fc.property(groups, fc.nat({ max: 0xffff }), (address, host) => {
        const long = address.map((group) => group.toString(16).padStart(4, '0')).join(':');
        const short = new URL(`http://[${long}]`).hostname.slice(1, -1);
        const neighbour = [...address.slice(0, 7), host].map((group) => group.toString(16)).join(':');
        const expected = `${address
          .slice(0, 4)
          .map((group) => group.toString(16))
          .join(':')}::/64`;
        expect([long, short, neighbour].map(addressBlock)).toEqual([expected, expected, expected]);
      }),
    );
  });
});
