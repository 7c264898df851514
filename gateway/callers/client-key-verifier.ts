import { RequestError } from '#platform/errors/request-error.ts';
import { clientKeyState } from './client-key-store.ts';
import type { KeyDirectory } from './key-directory.ts';

/** Longer than any key that is made; what is longer is not looked for. */
const maxLength = 64;

/** Tells whether a client key of an SDK is good: a look-up, without the database. */
export class ClientKeyVerifier {
  readonly #directory: KeyDirectory;
  readonly #now: () => Date;

  constructor(directory: KeyDirectory, now: () => Date = () => new Date()) {
    this.#directory = directory;
    this.#now = now;
  }

  /**
   * Lets a key pass that is known and neither revoked nor expired. Without the database the known keys go on for as long
   * as it takes: what they open is public, and applications shall not lose their features by an outage.
   * @throws RequestError `NOT_FOUND`, or `DEPENDENCY_UNAVAILABLE` where that cannot be told.
   */
  async verify(text: string): Promise<void> {
    if (!text.startsWith('sdk-') || text.length > maxLength) throw notFound('There is no such client key.');
    let key = this.#directory.clientKey(text);
    if (key === null) {
      // It may have been made since the last look.
      const isCurrent = await this.#directory.refreshForMiss();
      key = this.#directory.clientKey(text);
      if (key === null && !isCurrent) {
        throw new RequestError('DEPENDENCY_UNAVAILABLE', 'Client keys cannot be checked now. Try again.');
      }
    }
    if (key === null) throw notFound('There is no such client key.');
    const state = clientKeyState(key, this.#now());
    if (state !== 'active') throw notFound(`The client key is refused: it is ${state}.`);
  }
}

function notFound(message: string): RequestError {
  return new RequestError('NOT_FOUND', `${message} Ask the operator for another one.`);
}
