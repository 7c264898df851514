/** FNV-1a, 32 bits, unsigned, over the UTF-8 bytes of `text`: the hash of every split and tie here. */
export function fnv1a32(text: string): number {
  let hash = 2_166_136_261;
  for (const byte of Buffer.from(text, 'utf8')) hash = Math.imul(hash ^ byte, 16_777_619);
  return hash >>> 0;
}
