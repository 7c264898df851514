import { createHash } from 'node:crypto';

/** Hashes by their length in hexadecimal digits; a Relay compiler's is MD5 unless its configuration says otherwise. */
const hashes = new Map([
  [32, 'md5'],
  [40, 'sha1'],
  [64, 'sha256'],
]);

/** What GraphQL over HTTP calls a custom document identifier, in its appendix A. */
const customIdentifier = /^[\w.~-]{1,128}$/;

/** Returns `id` without the prefix that says that it is a SHA-256. */
export function bareId(id: string): string {
  return id.startsWith('sha256:') ? id.slice('sha256:'.length) : id;
}

/**
 * Says what is wrong with `alias` as another id of `text`, or null. What looks like a hash has to be the text's: so no
 * file can take the id of a document that it does not hold.
 */
export function aliasProblem(alias: string, text: string): string | null {
  if (!customIdentifier.test(alias)) {
    return 'The id is not 1 to 128 letters, digits and `-._~`.';
  }
  const algorithm = /^[0-9a-f]+$/i.test(alias) ? hashes.get(alias.length) : undefined;
  if (algorithm === undefined) return null;
  return createHash(algorithm).update(text).digest('hex') === alias
    ? null
    : `The id looks like a hash and is not the ${algorithm.toUpperCase()} of the text.`;
}
