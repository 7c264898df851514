const offsetBasis = 2_166_136_261;

/**
 * FNV-1a, 32 bits, unsigned, over the UTF-8 bytes of `text`: the hash of every split and tie here. It goes on from the
 * hash of what stands before `text`, if given.
 */
export function fnv1a32(text: string, before = offsetBasis): number {
  return fnv1a32Bytes(Buffer.from(text, 'utf8'), before);
}

/** The same over bytes. */
export function fnv1a32Bytes(bytes: Uint8Array, before = offsetBasis): number {
  let hash = before;
  for (let index = 0; index < bytes.length; index++) hash = Math.imul(hash ^ (bytes[index] ?? 0), 16_777_619);
  return hash >>> 0;
}
