import { createHmac, createSecretKey, timingSafeEqual, type KeyObject } from 'node:crypto';
import type { z } from 'zod';
import { badUserInput } from '../errors/request-error.ts';

/** Signs cursors, so that a client can keep and send them back but not make or change one. */
export class CursorCodec {
  readonly #newest: KeyObject;
  readonly #keys: readonly KeyObject[];

  /** `keys` newest first, base64: the first signs, all verify. */
  constructor(keys: readonly string[]) {
    // Key objects, because raw bytes would be prepared anew for each of a page's cursors.
    this.#keys = keys.map((key) => createSecretKey(key, 'base64'));
    const [newest] = this.#keys;
    if (newest === undefined) throw new Error('At least one cursor signing key is needed.');
    this.#newest = newest;
  }

  /** Returns an opaque token for `payload`, valid only for the same `kind` (such as `feed` or `changes`). */
  sign(kind: string, payload: unknown): string {
    const body = Buffer.from(JSON.stringify(payload)).toString('base64url');
    return `${body}.${mac(this.#newest, kind, body)}`;
  }

  /**
   * Returns the payload that `sign` was given.
   * @throws RequestError `BAD_USER_INPUT` for a token that is broken, forged or of another kind.
   */
  open<T>(kind: string, token: string, schema: z.ZodType<T>): T {
    const [body, signature, ...rest] = token.length > 4096 ? [] : token.split('.');
    if (body !== undefined && signature !== undefined && rest.length === 0) {
      const given = Buffer.from(signature);
      for (const key of this.#keys) {
        const expected = Buffer.from(mac(key, kind, body));
        if (given.length !== expected.length || !timingSafeEqual(given, expected)) continue;
        const parsed = schema.safeParse(JSON.parse(Buffer.from(body, 'base64url').toString()));
        if (parsed.success) return parsed.data;
      }
    }
    throw badUserInput('The cursor is not one that this field gave out. Start again without `after`.');
  }
}

/** 128 bits of HMAC-SHA256 are enough against forgery and keep cursors short. */
function mac(key: KeyObject, kind: string, body: string): string {
  return createHmac('sha256', key).update(`${kind}\0${body}`).digest().subarray(0, 16).toString('base64url');
}
