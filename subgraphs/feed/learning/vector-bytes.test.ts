import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeInts, decodeVector, encodeInts, encodeVector } from './vector-bytes.ts';

describe('the bytes of a vector', () => {
  it('say the same numbers when they are read again', () => {
    fc.assert(
      fc.property(fc.float32Array(), fc.int32Array(), (vector, ints) => {
        expect(decodeVector(encodeVector(vector))).toEqual(vector);
        expect(decodeInts(encodeInts(ints))).toEqual(ints);
      }),
    );
  });

  it('are little-endian, whatever the processor', () => {
    expect([...encodeVector(Float32Array.of(1, -2))]).toEqual([0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0]);
    expect([...encodeInts(Int32Array.of(1, -2))]).toEqual([1, 0, 0, 0, 0xfe, 0xff, 0xff, 0xff]);
  });

  it('are read wherever they begin, and written of a part alone', () => {
    const bytes = Uint8Array.from([9, ...encodeVector(Float32Array.of(0.5, 3)), 9]);
    expect(decodeVector(bytes.subarray(1, 9))).toEqual(Float32Array.of(0.5, 3));
    const part = Float32Array.of(7, 0.5, 3, 7).subarray(1, 3);
    expect(decodeVector(encodeVector(part))).toEqual(Float32Array.of(0.5, 3));
  });

  it('share nothing with what they were made from', () => {
    const vector = Float32Array.of(1);
    const bytes = encodeVector(vector);
    const read = decodeVector(bytes);
    vector[0] = 2;
    bytes.fill(0);
    expect(read).toEqual(Float32Array.of(1));
  });
});
