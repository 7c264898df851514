import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WireUnitReader, type WireUnit } from './wire-messages.ts';

function message(type: string, body: Buffer = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(5);
  head.write(type, 0, 'latin1');
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

function startup(code = 196_608): Buffer {
  const packet = Buffer.alloc(8);
  packet.writeInt32BE(8, 0);
  packet.writeInt32BE(code, 4);
  return packet;
}

function read(chunks: readonly Buffer[]): WireUnit[] {
  const reader = new WireUnitReader();
  return chunks.flatMap((chunk) => reader.push(chunk));
}

describe('WireUnitReader', () => {
  it('keeps an extended query together until its Sync', () => {
    const extended = ['P', 'B', 'D', 'E', 'S'].map((type) => message(type, Buffer.from('abc')));
    const units = read([startup(), ...extended, message('Q', Buffer.from('select 1\0')), message('X')]);
    expect(units.map((unit) => unit.kind)).toEqual(['run', 'run', 'run', 'terminate']);
    expect(units[1]).toEqual({ kind: 'run', bytes: Buffer.concat(extended) });
  });

  it('answers an encryption request before the startup', () => {
    expect(read([startup(80_877_103), startup()]).map((unit) => unit.kind)).toEqual([
      'encryption-request',
      'run',
    ]);
    expect(read([startup(80_877_102)])).toEqual([{ kind: 'cancel' }]);
  });

  it('gives the same units however the bytes are cut', () => {
    const types = fc.array(fc.constantFrom('P', 'B', 'E', 'S', 'Q'), { maxLength: 30 });
    fc.assert(
      fc.property(types, fc.array(fc.nat(40)), fc.uint8Array({ maxLength: 60 }), (kinds, cuts, body) => {
        const bytes = Buffer.concat([startup(), ...kinds.map((type) => message(type, Buffer.from(body)))]);
        const chunks: Buffer[] = [];
        let rest = bytes;
        for (const cut of cuts) {
          chunks.push(rest.subarray(0, cut));
          rest = rest.subarray(cut);
        }
        chunks.push(rest);
        expect(read(chunks)).toEqual(read([bytes]));
      }),
    );
  });

  it('refuses a length that no message has', () => {
    const broken = Buffer.from([0x51, 0x7f, 0xff, 0xff, 0xff]);
    expect(() => read([startup(), broken])).toThrow(RangeError);
    expect(() => read([Buffer.alloc(8)])).toThrow(RangeError);
  });
});
