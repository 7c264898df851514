import { endianness } from 'node:os';

// The database keeps numbers little-endian, as nearly every processor does, so that they are copied and not converted.
const isNative = endianness() === 'LE';

/** float32, little-endian, as the database keeps a vector. */
export function encodeVector(vector: Float32Array): Buffer<ArrayBuffer> {
  return inOrder(copyOf(vector));
}

/** int32, little-endian. */
export function encodeInts(numbers: Int32Array): Buffer<ArrayBuffer> {
  return inOrder(copyOf(numbers));
}

/** A vector as the database keeps it. */
export function decodeVector(bytes: Uint8Array): Float32Array<ArrayBuffer> {
  return new Float32Array(inOrder(copyOf(bytes)).buffer);
}

/** Numbers as the database keeps them. */
export function decodeInts(bytes: Uint8Array): Int32Array<ArrayBuffer> {
  return new Int32Array(inOrder(copyOf(bytes)).buffer);
}

/** A copy in a buffer of its own, so that an array of numbers may begin where it begins. */
function copyOf(view: ArrayBufferView): Buffer<ArrayBuffer> {
  const bytes = new Uint8Array(view.byteLength);
  bytes.set(new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
  return Buffer.from(bytes.buffer);
}

function inOrder(bytes: Buffer<ArrayBuffer>): Buffer<ArrayBuffer> {
  return isNative ? bytes : bytes.swap32();
}
