import { hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { base62, randomBase62 } from './base62.ts';

/** What every key begins with, for people and for secret scanners. */
export const keyMark = 'bq_live_';

/** A key as its holder sends it: `bq_live_` + public id + `_` + secret + checksum. */
export interface ApiKey {
  /** 11 letters and digits, which may be shown and logged. */
  readonly id: string;
  /** 43 letters and digits that say 256 random bits. */
  readonly secret: string;
}

/** Digits to the base of 62 that hold 64, 256 and 32 bits. */
const idLength = 11;
const secretLength = 43;
const checksumLength = 6;
const form = new RegExp(
  `^(${keyMark}([0-9A-Za-z]{${idLength}})_([0-9A-Za-z]{${secretLength}}))([0-9A-Za-z]{${checksumLength}})$`,
);

/** A new public id. */
export function newKeyId(): string {
  return randomBase62(8, idLength);
}

/** A new secret. */
export function newSecret(): string {
  return randomBase62(32, secretLength);
}

/** The text that the holder sends. */
export function formatApiKey({ id, secret }: ApiKey): string {
  const body = `${keyMark}${id}_${secret}`;
  return `${body}${checksum(body)}`;
}

/** Reads a key; null for a text of another form, or one that a typo or a cut has changed. */
export function parseApiKey(text: string): ApiKey | null {
  const [, body, id, secret, sum] = form.exec(text) ?? [];
  if (body === undefined || id === undefined || secret === undefined) return null;
  return checksum(body) === sum ? { id, secret } : null;
}

/**
 * SHA-256 of a secret, which is all that is stored of it. A slow hash would protect nothing more: it is for passwords,
 * which can be guessed.
 */
export function hashSecret(secret: string): Buffer {
  return hash('sha256', secret, 'buffer');
}

/** CRC-32, as in GitHub's tokens: it tells a mistyped key from a wrong one, and protects nothing. */
function checksum(body: string): string {
  return base62(BigInt(crc32(body)), checksumLength);
}
