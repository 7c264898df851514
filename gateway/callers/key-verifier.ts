import { timingSafeEqual } from 'node:crypto';
import { RequestError } from '#platform/errors/request-error.ts';
import { hashSecret, parseApiKey, type ApiKey } from './api-key.ts';
import { refused } from './credential.ts';
import type { KeyDirectory } from './key-directory.ts';
import type { StoredKey, StoredSecret } from './stored-key.ts';

/** Tells whether an API key is good: a hash and a look-up, without the database. */
export class KeyVerifier {
  readonly #directory: KeyDirectory;
  readonly #now: () => number;

  /** `now` is in milliseconds since 1970. */
  constructor(directory: KeyDirectory, now: () => number = Date.now) {
    this.#directory = directory;
    this.#now = now;
  }

  /**
   * Returns the key that `text` is the secret of.
   * @throws RequestError `UNAUTHENTICATED`, or `DEPENDENCY_UNAVAILABLE` where that cannot be told.
   */
  async verify(text: string): Promise<StoredKey> {
    const sent = parseApiKey(text);
    if (sent === null) throw refused('The API key is refused: it is mistyped or cut off.');
    const hash = hashSecret(sent.secret);
    let match = this.#find(sent, hash);
    if (match === null || this.#directory.isStale) {
      // It may have been made since the last look.
      const isCurrent = await this.#directory.refreshForMiss();
      match = this.#find(sent, hash);
      if (this.#directory.isStale || (match === null && !isCurrent)) {
        throw new RequestError('DEPENDENCY_UNAVAILABLE', 'API keys cannot be checked now. Try again.');
      }
    }
    if (match === null) throw refused('The API key is refused.');
    this.#checkStanding(match.key, match.secret);
    return match.key;
  }

  #find(sent: ApiKey, hash: Buffer): { key: StoredKey; secret: StoredSecret } | null {
    const key = this.#directory.get(sent.id);
    const secret = key?.secrets.find((stored) => timingSafeEqual(stored.hash, hash));
    return key === null || secret === undefined ? null : { key, secret };
  }

  /** Who reads these messages has proven to hold the secret. */
  #checkStanding({ revokedAt, expiresAt }: StoredKey, { validUntil }: StoredSecret): void {
    const now = this.#now();
    if (revokedAt !== null) throw refused('The API key is refused: it was revoked.');
    if (expiresAt !== null && expiresAt <= now) throw refused('The API key is refused: it has expired.');
    if (validUntil !== null && validUntil <= now) {
      throw refused('The API key is refused: it was replaced by a newer secret.');
    }
  }
}
