import { anonymousPrefix, keyPrefix } from '#platform/caller/caller.ts';

/** What a user id may be, for a message. */
export const userIdRule = `1 to 128 printable ASCII characters, not beginning with ${anonymousPrefix} or ${keyPrefix}`;

/** Whether `id` can name a user. The prefixes are of subjects and owners that are no users. */
export function isUserId(id: string): boolean {
  return /^[\x21-\x7e]{1,128}$/.test(id) && !id.startsWith(anonymousPrefix) && !id.startsWith(keyPrefix);
}
